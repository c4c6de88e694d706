import { existsSync } from 'node:fs';
import { userStream, type BrazeId } from '@hearth/contracts';
import { comparePositions, parsePosition, type Position, type RecordedEvent } from '@hearth/eventing';
import type { ReadableLog } from '@hearth/log-archive';
import { unknownProfile, type Profile } from '@hearth/profiles';

import { openProfilesFile } from '../profiles-file.ts';
import { recordedFold } from './recorded-fold.ts';
import type { Contact, FindByContact } from './find-user.ts';

export interface FindContactsPorts {
  readonly log: ReadableLog;
  /** The read model of the profiles; it may be missing. */
  readonly file: string;
  readonly say: (line: string) => void;
  /** Is told how many events of the log were read. */
  readonly progress: (events: number) => void;
}

/** Who was given a contact, and from where on the log has to be read for the others. */
interface Known {
  readonly streams: readonly string[];
  readonly from: Position | undefined;
}

const PAGE = 1_000;
const USER_STREAMS = 'user_';

/**
 * Everybody who has an email or phone now: who has it by the read model, and by the log behind that; the whole log where
 * there is no read model. Each of them is then folded from the log, so that the answer is right however old the read
 * model is.
 */
export const findContacts =
  (ports: FindContactsPorts): FindByContact =>
  async (contact) => {
    const { log } = ports;
    const known = knownBy(ports, contact);
    if (known === undefined)
      ports.say('no read model of profiles is there to look in, so the whole log is read');
    const streams = new Set(known?.streams);
    for await (const event of eventsFrom(ports, known?.from))
      if (isGiven(event, contact)) streams.add(event.stream);
    const found: BrazeId[] = [];
    for (const stream of streams) {
      const profile = await folded(log, stream);
      if (profile.status === 'active' && profile.fields[contact.kind] === contact.value)
        found.push(profile.braze_id);
    }
    return found;
  };

/** What the read model says; undefined where there is none, or none that can be read and belongs to this log. */
const knownBy = ({ log, file }: FindContactsPorts, { kind, value }: Contact): Known | undefined => {
  if (!existsSync(file)) return undefined;
  try {
    const profiles = openProfilesFile(file);
    try {
      if (profiles.storeId !== log.storeId || profiles.checkpoint === undefined) return undefined;
      return {
        streams: profiles.holders(kind, value).map(userStream),
        from: parsePosition(profiles.checkpoint).position,
      };
    } finally {
      profiles.close();
    }
  } catch {
    return undefined; // another version's, or damaged: the log has it all
  }
};

async function* eventsFrom(
  { log, progress }: FindContactsPorts,
  beginning: Position | undefined,
): AsyncGenerator<RecordedEvent> {
  const head = await log.head();
  // A log that was put back to an earlier state ends before its read model.
  let from = beginning && comparePositions(beginning, head) <= 0 ? beginning : undefined;
  let read = 0;
  for (let done = false; !done;) {
    const page = await log.readAll({
      ...(from && { from }),
      filter: { streamPrefixes: [USER_STREAMS] },
      limit: PAGE,
    });
    yield* page.events;
    progress((read += page.events.length));
    from = page.position;
    done = page.headReached || comparePositions(from, head) >= 0;
  }
}

/** True where an event may have given a user this email or phone. */
const isGiven = ({ type, data }: RecordedEvent, { kind, value }: Contact): boolean => {
  switch (type) {
    case 'UserCreated':
    case 'IdentifierAdded': {
      const { identifier } = data as { identifier?: { kind?: string; value?: unknown } };
      return identifier?.kind === kind && identifier.value === value;
    }
    case 'AttributesUpdated':
      return has(data as WithFields, kind, value);
    case 'UserMerged':
      return has((data as { contributed?: WithFields }).contributed, kind, value);
    case 'ProfileRestated':
      return has((data as { profile?: WithFields }).profile, kind, value);
    default:
      return false;
  }
};

interface WithFields {
  readonly fields?: { readonly email?: unknown; readonly phone?: unknown };
}

const has = (given: WithFields | undefined, kind: 'email' | 'phone', value: string): boolean =>
  given?.fields?.[kind] === value;

const folded = async (log: ReadableLog, stream: string): Promise<Profile> => {
  let profile: Profile = unknownProfile;
  const next = recordedFold();
  let from: number | undefined;
  for (let done = false; !done;) {
    const slice = await log.readStream(stream, { ...(from !== undefined && { from }), limit: PAGE });
    for (const event of slice.events) profile = next(event);
    from = slice.events.at(-1)?.revision ?? from;
    done = slice.endOfStream;
  }
  return profile;
};
