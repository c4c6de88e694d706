import type { ExportOptions, JsonObject, SegmentFilter } from '@hearth/contracts';
import type { ProfileQueries } from '@hearth/profiles-client';
import type { OutputFormat } from '../../domain/export/export-segment-request.ts';

/** Where the files of one export go. Nothing looks whole before `finish`. */
export interface ExportTarget {
  /** Stores one file, whole or not at all. */
  put(name: string, content: Uint8Array): Promise<void>;
  /** Makes the export whole. */
  finish(): Promise<void>;
  /** Leaves nothing of it behind, as far as it can. */
  discard(): Promise<void>;
}

export interface SegmentExportPorts {
  readonly queries: ProfileQueries;
  readonly target: ExportTarget;
  /** A file of that name and text in the output format, and how it ends. */
  readonly pack: (name: string, text: string, format: OutputFormat) => Promise<Uint8Array>;
  /** Keeps the right to export this segment; rejects where it was lost. Called before each page. */
  readonly holdOn: () => Promise<void>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface SegmentExport {
  readonly filter: SegmentFilter;
  readonly options: ExportOptions;
  readonly format: OutputFormat;
  /** The export takes in everything up to this position of the log. */
  readonly minPosition: string;
}

export interface WrittenExport {
  readonly users: number;
  readonly files: number;
}

const PARTITIONS = 256;
/** Users of one file (user-data API §13.3), */
const USERS_PER_FILE = 5_000;
/** and characters, so that memory stays bounded with large profiles. */
const CHARACTERS_PER_FILE = 32 * 1024 * 1024;
const ENDINGS = { zip: '.zip', gzip: '.gz' } as const;

/**
 * Writes everybody who belongs to a segment into files of one profile a line, partition by partition, asking whoever owns
 * each. It holds one file in memory at a time.
 */
export const writeSegmentExport = async (
  ports: SegmentExportPorts,
  segmentExport: SegmentExport,
): Promise<WrittenExport> => {
  const { target, pack, signal } = ports;
  const { format } = segmentExport;
  let lines: string[] = [];
  let characters = 0;
  let files = 0;
  let users = 0;

  const endFile = async (): Promise<void> => {
    const name = String(files++).padStart(6, '0');
    const text = lines.join('');
    lines = [];
    characters = 0;
    await target.put(`${name}${ENDINGS[format]}`, await pack(`${name}.json`, text, format));
  };

  for await (const user of members(ports, segmentExport)) {
    signal.throwIfAborted();
    const line = `${JSON.stringify(user)}\n`;
    lines.push(line);
    characters += line.length;
    users++;
    if (lines.length >= USERS_PER_FILE || characters >= CHARACTERS_PER_FILE) await endFile();
  }
  if (lines.length > 0 || files === 0) await endFile();
  await target.finish();
  return { users, files };
};

async function* members(
  { queries, holdOn, timeoutMs, signal }: SegmentExportPorts,
  { filter, options, minPosition }: SegmentExport,
): AsyncGenerator<JsonObject> {
  for (let index = 0; index < PARTITIONS; index++) {
    const partition = index.toString(16).padStart(2, '0');
    for (let after: string | null = null, first = true; first || after !== null; first = false) {
      signal.throwIfAborted();
      await holdOn();
      const { users, next }: { users: readonly JsonObject[]; next: string | null } = await queries.askOwnerOf(
        partition,
        {
          query: 'segment',
          partition,
          filter,
          options,
          min_position: minPosition,
          ...(after !== null && { after }),
        },
        { timeoutMs },
      );
      yield* users;
      after = next;
    }
  }
}
