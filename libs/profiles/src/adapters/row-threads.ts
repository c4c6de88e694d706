import { lookUpThreads, threadScript } from '@hearth/threads';
import type { StandingRow } from '../application/read-model.ts';

/** What a thread that looks up rows is started with. */
export interface RowReaderSettings {
  readonly file: string;
}
/** A row, or null where the user has none. */
export type FoundRow = StandingRow | null;

/** Looks up rows of profiles on threads of their own (docs/decisions/0018). */
export interface RowThreads {
  /** Undefined, also later, where whoever asks may as well read. */
  readonly rowElsewhere: (brazeId: string) => Promise<FoundRow | undefined> | undefined;
  /** Lets go of the file, after what was asked before. */
  close(): Promise<void>;
}

export const rowThreads = (file: string, readsBefore?: number): RowThreads => {
  const settings: RowReaderSettings = { file };
  const script = threadScript(import.meta.url, 'row-worker');
  const threads = lookUpThreads<string, FoundRow>({ script, settings, lookUpsBefore: readsBefore });
  return { rowElsewhere: threads.ask, close: threads.close };
};
