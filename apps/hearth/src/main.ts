import { commandConfig } from './config.ts';
import { openContext } from './open-context.ts';
import type { StandardError } from './output/progress.ts';
import { writeTo } from './output/write-to.ts';
import { runProgram } from './program.ts';

// Archives and read models hold personal data: they are for their user alone.
process.umask(0o077);

const stopping = new AbortController();
let interrupted = 0;
const interrupt = (signal: NodeJS.Signals, code: number): void => {
  process.once(signal, () => {
    interrupted = code;
    stopping.abort(new Error('interrupted'));
  });
};
// The first signal lets a command clean up behind itself, the second one ends the process as usual.
interrupt('SIGINT', 130);
interrupt('SIGTERM', 143);
interrupt('SIGHUP', 129);

const { stdout, stderr } = process;
const complain = (text: string): void => void stderr.write(text);
const standardError: StandardError = stderr.isTTY
  ? { isTerminal: true, stream: stderr, write: complain }
  : { isTerminal: false, write: complain };

const code = await runProgram(process.argv.slice(2), {
  context: () =>
    openContext(commandConfig(), {
      write: writeTo(stdout),
      stderr: standardError,
      signal: stopping.signal,
    }),
  print: (text) => void stdout.write(text),
  complain,
});
process.exitCode = interrupted || code;
