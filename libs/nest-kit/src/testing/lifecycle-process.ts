// A process for the spec beside `process-end.ts`: it registers one step of stopping, which waits for as long as it is
// told to, and says each thing it does on a line of its own.
import { createLifecycle } from '../lifecycle/lifecycle.ts';
import { endWith } from '../lifecycle/process-end.ts';
import { silentLogger } from '../logging/logger.ts';

const [mode] = process.argv.slice(2);
const keepAlive = setInterval(() => undefined, 60_000);
const lifecycle = createLifecycle({ logger: silentLogger, timeoutMs: 20_000 });
lifecycle.onStop('close', 'everything', async () => {
  console.log('stopping');
  if (mode === 'hang') await new Promise(() => undefined);
  clearInterval(keepAlive);
  console.log('closed');
});
endWith(lifecycle, silentLogger);
console.log('running');
if (mode === 'throw')
  setImmediate(() => {
    throw new Error('nobody catches this');
  });
