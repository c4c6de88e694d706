import { startThread, threadScript, type Thread } from '@hearth/threads';
import type { DatabaseSync } from 'node:sqlite';

/** What the thread that checkpoints is started with. */
export interface CheckpointSettings {
  readonly file: string;
}
export type CheckpointRequest = 'checkpoint' | 'close';
export type CheckpointReply = 'done' | 'failed';

/** Copies the write-ahead log into the file behind the commits (docs/decisions/0017). */
export interface Checkpoints {
  /** To be called after commits: has the log copied where it has grown. Nobody waits for that. */
  afterCommit(): void;
  /** Lets go of the file. Resolves when nobody but the caller has it open for this. */
  close(): Promise<void>;
}

/** What the writer copies itself, some milliseconds of work, so that the write-ahead log starts over. */
const REST_PAGES = 500;
/** After so many, the writer copies the rest however long it is: commits are faster than the disk takes them in. */
const ROUNDS = 3;
/** A commit hardly writes more; to ask for the length of the log takes as long as two rows. */
const PAGES_OF_A_COMMIT = 250;
/** Where the thread does not get on, a commit copies what there is: 128 MB. */
export const LAST_RESORT_PAGES = 32_000;

/** `db` is the writer's connection, `pages` how many the write-ahead log gains before it is copied. */
export const checkpointsBehind = (db: DatabaseSync, file: string, pages: number): Checkpoints => {
  const look = db.prepare('PRAGMA wal_checkpoint(NOOP)');
  const copyRest = db.prepare('PRAGMA wal_checkpoint(PASSIVE)');
  let thread: Promise<Thread<CheckpointRequest, CheckpointReply>> | undefined;
  let isRunning = false;
  let isClosed = false;
  let isAlone = false;
  /** How much of the log was looked at last. */
  let seen = 0;
  /** How many commits there were since. */
  let commits = 0;
  const commitsBetween = Math.max(1, Math.floor(pages / PAGES_OF_A_COMMIT));

  const state = (): { log: number; rest: number } => {
    const { log, checkpointed } = look.get() as { log: number; checkpointed: number };
    return { log, rest: log - checkpointed };
  };
  /** From now on commits copy the log, as SQLite does by itself. */
  const goAlone = (): void => {
    isAlone = true;
    if (db.isOpen) db.exec(`PRAGMA wal_autocheckpoint = ${pages}`);
  };

  const start = async (): Promise<Thread<CheckpointRequest, CheckpointReply>> => {
    const settings: CheckpointSettings = { file };
    const script = threadScript(import.meta.url, 'checkpoint-worker');
    return (await startThread<CheckpointRequest, CheckpointReply>(script, settings)).thread;
  };
  const ask = async (request: CheckpointRequest): Promise<CheckpointReply> =>
    (await (thread ??= start())).ask(request);

  /** Each round leaves what was committed meanwhile, mostly less and less; a log that is copied whole starts over. */
  const copy = async (): Promise<void> => {
    for (let round = 1; ; round += 1) {
      const reply = await ask('checkpoint');
      if (isClosed) return;
      const { log, rest } = state();
      seen = log;
      if (reply === 'failed') return;
      if (rest <= REST_PAGES || round === ROUNDS) return void copyRest.get();
    }
  };

  return {
    afterCommit: () => {
      commits += 1;
      if (isRunning || isAlone || isClosed || commits < commitsBetween) return;
      commits = 0;
      const { log } = state();
      if (log < seen) seen = 0;
      if (log - seen < pages) return;
      isRunning = true;
      void copy()
        .catch(goAlone)
        .finally(() => (isRunning = false));
    },
    close: async () => {
      isClosed = true;
      if (thread && !isAlone) await ask('close').catch(() => undefined);
    },
  };
};
