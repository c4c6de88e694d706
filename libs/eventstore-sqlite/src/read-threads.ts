import { lookUpThreads, threadScript } from '@hearth/threads';
import type { ReadElsewhere } from './log-reader.ts';
import type { StoredSlice } from './stream-reader.ts';

/** What a thread that reads is started with. */
export interface ReaderSettings {
  readonly file: string;
}

/** Reads newest events of streams on threads of their own (docs/decisions/0018). */
export interface ReadThreads {
  readonly readElsewhere: ReadElsewhere;
  /** Lets go of the file, after what was asked before. */
  close(): Promise<void>;
}

export const readThreads = (file: string, readsBefore?: number): ReadThreads => {
  const settings: ReaderSettings = { file };
  const script = threadScript(import.meta.url, 'read-worker');
  const threads = lookUpThreads<string, StoredSlice>({ script, settings, lookUpsBefore: readsBefore });
  return {
    readElsewhere: (stream, { from, direction, limit }) =>
      direction === 'backwards' && limit === 1 && from === undefined ? threads.ask(stream) : undefined,
    close: threads.close,
  };
};
