import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { runService, StartError } from '@hearth/nest-kit';
import { config, inheritedEnvironment } from './config.ts';
import { settlePorts } from './free-ports.ts';
import { namedLines } from './lines.ts';
import { stackPlan } from './plan.ts';
import { supervisor } from './supervisor.ts';

const settings = config();
const { logFormat, shutdownTimeoutMs, natsUrl, host } = settings;

/** Beyond its own deadline, a process gets this long before it is ended by force. */
const STOP_GRACE_MS = 1_000;
const READY_TIMEOUT_MS = 60_000;

const natsProgram = async (): Promise<string> => {
  const finder = fileURLToPath(new URL('../../../tools/nats-server.mjs', import.meta.url));
  try {
    return (await promisify(execFile)(process.execPath, [finder])).stdout.trim();
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
    throw new StartError(`${said}\nOr set HEARTH_NATS_URL to a NATS server that runs already.`, {
      cause: error,
    });
  }
};

/** The gateway is ready when every service says that it is. */
const whenReady = async (url: string, stopping: () => boolean): Promise<void> => {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  let last = 'no answer';
  while (!stopping()) {
    try {
      const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5_000) });
      if (answer.ok) return;
      last = await answer.text();
    } catch (error) {
      last = String(error);
    }
    if (performance.now() > deadline)
      throw new StartError(`the services were not ready within ${READY_TIMEOUT_MS / 1000} s: ${last}`);
    await delay(50);
  }
};

const write = (text: string): void => void process.stdout.write(text);

/** Processes stop one after the other, each within the time that one may take. */
const supervision = { ...settings, shutdownTimeoutMs: 6 * (shutdownTimeoutMs + STOP_GRACE_MS) };

await runService('stack', supervision, async ({ logger, lifecycle }) => {
  const ports = await settlePorts({
    gateway: settings.port,
    nats: settings.natsPort,
    ingestion: settings.ingestionPort,
    profileProjection: settings.profileProjectionPort,
    eventstore: settings.eventstorePort,
  });
  const program = natsUrl === undefined ? await natsProgram() : undefined;
  const waves = stackPlan({ ...settings, port: ports.gateway }, ports, program);

  const names = waves.flat().map(({ name }) => name);
  const named = namedLines(names, { coloured: process.stdout.isTTY === true, write });
  // JSON lines name their service themselves, and a prefix would make them something else.
  const show = logFormat === 'json' ? () => (line: string) => write(`${line}\n`) : named;
  const processes = supervisor(waves, {
    logger,
    environment: inheritedEnvironment(),
    show,
    stopTimeoutMs: shutdownTimeoutMs + STOP_GRACE_MS,
  });
  lifecycle.onStop('close', 'processes', () => processes.stop());
  await processes.start();

  const url = `http://${host.includes(':') ? `[${host}]` : host}:${ports.gateway}`;
  await whenReady(url.replace('0.0.0.0', '127.0.0.1'), () => lifecycle.stopping);
  return url;
});
