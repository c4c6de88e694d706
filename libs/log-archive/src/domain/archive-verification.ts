import { ArchiveError } from './archive-error.ts';
import {
  formatFooter,
  looksLikeFooter,
  parseEvent,
  parseHeader,
  type ArchivedEvent,
  type ArchiveHeader,
} from './archive-lines.ts';

/** A running SHA-256. */
export interface Digest {
  update(bytes: Uint8Array): void;
  /** The hash of everything so far, in hex. Asked for once. */
  hex(): string;
}

/** One line of a file, without its line feed. */
export interface Line {
  readonly bytes: Uint8Array;
  /** False where the file ends before the line does. */
  readonly ended: boolean;
}

/** What a line turned out to be. */
export type VerifiedLine =
  | { readonly kind: 'header'; readonly header: ArchiveHeader }
  | { readonly kind: 'event'; readonly event: ArchivedEvent }
  | { readonly kind: 'footer'; readonly events: number };

const lineFeed = Uint8Array.of(0x0a);

/**
 * Holds the lines of a file against the format, one after the other: header, events, footer, nothing behind it. An
 * archive is whole only when `end` returned: whatever was changed, added or cut off makes one of the calls throw an
 * `ArchiveError`. Bytes are hashed as they stand in the file, so that not even another spelling of the same JSON passes.
 */
export class ArchiveVerification {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  readonly #digest: Digest;
  #lines = 0;
  #events = 0;
  #header: ArchiveHeader | undefined;
  #finished = false;

  constructor(digest: Digest) {
    this.#digest = digest;
  }

  /** Takes the next line. */
  take({ bytes, ended }: Line): VerifiedLine {
    const number = ++this.#lines;
    if (this.#finished)
      throw new ArchiveError(
        'archive_damaged',
        `line ${number} stands behind the footer: something was added to the archive; take another copy of it`,
      );
    const text = this.#decode(bytes, number);
    if (number === 1) this.#header = parseHeader(text);
    if (!ended) throw cutOff(`line ${number} has no end`);
    if (number > 1 && looksLikeFooter(text)) return this.#finish(text);
    this.#digest.update(bytes);
    this.#digest.update(lineFeed);
    if (number === 1) return { kind: 'header', header: this.#header! };
    const event = parseEvent(text, number);
    this.#events++;
    return { kind: 'event', event };
  }

  /** Says that there are no more lines. Answers the header and the number of events of the whole archive. */
  end(): { readonly header: ArchiveHeader; readonly events: number } {
    if (!this.#header) throw new ArchiveError('not_an_archive', 'the file is empty');
    if (!this.#finished) throw cutOff('its last line, the footer, is missing');
    return { header: this.#header, events: this.#events };
  }

  #decode(bytes: Uint8Array, number: number): string {
    try {
      return this.#decoder.decode(bytes);
    } catch (cause) {
      if (number === 1) throw new ArchiveError('not_an_archive', 'the file is not text', { cause });
      throw new ArchiveError(
        'archive_damaged',
        `line ${number} is not UTF-8: the archive is damaged; take another copy of it`,
        { cause },
      );
    }
  }

  #finish(text: string): VerifiedLine {
    const counted = /^\{"footer":\{"events":(\d{1,15}),/.exec(text)?.[1];
    if (counted !== undefined && Number(counted) !== this.#events)
      throw new ArchiveError(
        'archive_damaged',
        `the footer counts ${counted} events and ${this.#events} stand in the archive: it was changed after it was written; take another copy of it`,
      );
    if (text !== formatFooter({ events: this.#events, sha256: this.#digest.hex() }))
      throw new ArchiveError(
        'archive_damaged',
        'the checksum does not fit: the archive was changed after it was written; take another copy of it',
      );
    this.#finished = true;
    return { kind: 'footer', events: this.#events };
  }
}

const cutOff = (detail: string): ArchiveError =>
  new ArchiveError(
    'archive_cut_off',
    `the archive is cut off (${detail}): its export or copy did not finish; export or copy it again`,
  );
