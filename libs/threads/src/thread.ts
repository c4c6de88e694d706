import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';

/** A thread that answers what it is asked, one answer each, in the order asked. */
export interface Thread<Request, Reply> {
  /** Rejects with `ThreadGone` only. */
  ask(request: Request): Promise<Reply>;
  /** True once the thread has ended, by itself or by a fault: nothing is answered any more. */
  readonly isGone: boolean;
}

/** The thread has ended. `wasAsked`: the request had been handed over, and nobody knows what became of it. */
export class ThreadGone extends Error {
  override readonly name = 'ThreadGone';
  readonly wasAsked: boolean;
  constructor(wasAsked: boolean, cause: unknown) {
    super('The thread has ended', { cause });
    this.wasAsked = wasAsked;
  }
}

interface Waiting<Reply> {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

/** The script of a thread beside a module, compiled or not as the module itself is. */
export const threadScript = (module: string, name: string): URL =>
  new URL(`./${name}${module.endsWith('.ts') ? '.ts' : '.js'}`, module);

/** Young generations of so many megabytes take in what a message or two leave behind. */
const USUAL_YOUNG_MB = 12;

/** Starts a thread and waits for its first word. Rejects with `ThreadGone` where it ends without one. */
export const startThread = async <Request, Reply>(
  script: URL,
  settings: unknown,
  { youngMegabytes = USUAL_YOUNG_MB }: { readonly youngMegabytes?: number } = {},
): Promise<{ readonly thread: Thread<Request, Reply>; readonly opened: Reply }> => {
  // What the command line says of the main thread's young generation would hold for every thread, whatever its limits are.
  setFlagsFromString('--max-semi-space-size=0');
  const worker = new Worker(script, {
    workerData: settings,
    resourceLimits: { maxYoungGenerationSizeMb: youngMegabytes },
  });
  const waiting: Waiting<Reply>[] = [];
  let gone: Error | undefined;

  const end = (error: Error): void => {
    gone ??= error;
    for (const { reject } of waiting.splice(0)) reject(new ThreadGone(true, gone));
  };
  worker.on('error', end);
  worker.on('exit', () => end(new Error('it came to its end')));
  worker.on('message', (reply: Reply) => {
    waiting.shift()?.resolve(reply);
    // An idle thread does not keep a process that has nothing else to do.
    if (waiting.length === 0) worker.unref();
  });

  const nextReply = (): Promise<Reply> => {
    worker.ref();
    return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
  };
  const thread: Thread<Request, Reply> = {
    ask: (request) => {
      if (gone) return Promise.reject(new ThreadGone(false, gone));
      const replied = nextReply();
      worker.postMessage(request);
      return replied;
    },
    get isGone() {
      return gone !== undefined;
    },
  };
  return { thread, opened: await nextReply() };
};
