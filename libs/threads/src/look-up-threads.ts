import { startThread, type Thread } from './thread.ts';

/** What a thread is asked: many questions at once, or to let go of what it has open. */
export type LookUpRequest<Question> = readonly Question[] | 'close';
/** An answer a question, in order; none at all where the thread cannot look them up. */
export type LookUpReply<Answer> = readonly Answer[];

export interface LookUpThreadsOptions {
  readonly script: URL;
  readonly settings: unknown;
  /** So many are looked up by whoever asks before threads are started (default 1,000): a thread costs some 10 MB. */
  readonly lookUpsBefore?: number | undefined;
}

/** Answers questions on threads of their own, for look-ups that wait for the disk. */
export interface LookUpThreads<Question, Answer> {
  /** Undefined, also later, where whoever asks has to look it up: no thread is there yet, or it cannot answer. Never rejects. */
  readonly ask: (question: Question) => Promise<Answer | undefined> | undefined;
  /** Lets go of what the threads have open, after what was asked before. */
  readonly close: () => Promise<void>;
}

const LOOK_UPS_BEFORE = 1_000;
/** Two wait for the disk at a time. */
const THREADS = 2;
/** All of a message are answered together, so that the first waits for the last. */
const MOST_A_MESSAGE = 8;
/** A thread holds on to nothing: what it makes is garbage with the next message. */
const YOUNG_MB = 4;

interface Waiting<Question, Answer> {
  readonly question: Question;
  readonly settle: (answer: Answer | undefined) => void;
}

/**
 * The threads are started with the settings when enough was asked. What is asked in one turn of the event loop is shared out
 * between those that are free; what comes while all are busy waits. A thread answers to `LookUpRequest`s with `LookUpReply`s.
 */
export const lookUpThreads = <Question, Answer>({
  script,
  settings,
  lookUpsBefore = LOOK_UPS_BEFORE,
}: LookUpThreadsOptions): LookUpThreads<Question, Answer> => {
  type LookUpThread = Thread<LookUpRequest<Question>, LookUpReply<Answer>>;
  /** What is not yet on its way. */
  const waiting: Waiting<Question, Answer>[] = [];
  const started: Promise<LookUpThread>[] = [];
  const free: LookUpThread[] = [];
  let alive = 0;
  let lookUps = 0;
  let isOpen = true;
  let scheduled: NodeJS.Immediate | undefined;

  const start = async (): Promise<LookUpThread> => {
    const { thread }: { thread: LookUpThread } = await startThread(script, settings, {
      youngMegabytes: YOUNG_MB,
    });
    alive += 1;
    free.push(thread);
    return thread;
  };
  const startAll = (): void => {
    for (let count = 0; count < THREADS; count += 1) {
      const thread = start();
      thread.catch(() => undefined); // whoever asks looks it up
      started.push(thread);
    }
  };

  const giveUp = (): void => {
    for (const { settle } of waiting.splice(0)) settle(undefined);
  };
  const send = async (thread: LookUpThread, some: readonly Waiting<Question, Answer>[]): Promise<void> => {
    const answers = await thread
      .ask(some.map(({ question }) => question))
      .catch((): LookUpReply<Answer> => []);
    if (thread.isGone) alive -= 1;
    else free.push(thread);
    pump();
    for (const [index, { settle }] of some.entries()) settle(answers[index]);
  };
  const pump = (): void => {
    scheduled = undefined;
    if (alive === 0 || !isOpen) giveUp();
    while (waiting.length > 0 && free.length > 0) {
      const fair = Math.ceil(waiting.length / free.length);
      void send(free.shift()!, waiting.splice(0, Math.min(fair, MOST_A_MESSAGE)));
    }
  };

  return {
    ask: (question) => {
      if (!isOpen) return undefined;
      lookUps += 1;
      if (started.length === 0 && lookUps >= lookUpsBefore) startAll();
      if (alive === 0) return undefined;
      return new Promise((settle) => {
        waiting.push({ question, settle });
        scheduled ??= setImmediate(pump);
      });
    },
    close: async () => {
      isOpen = false;
      giveUp();
      await Promise.allSettled(started.map(async (thread) => (await thread).ask('close')));
    },
  };
};
