import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { freePorts } from '../processes/free-ports.ts';
import { API_KEY } from '../processes/load-process.ts';
import { startNode, type NodeProgram } from '../processes/node-program.ts';
import type { Resources } from '../processes/resources.ts';

/** The compiled entry of an app. Throws where it was not built. */
export const appScript = (name: string): string => {
  const script = fileURLToPath(new URL(`../../../apps/${name}/dist/main.js`, import.meta.url));
  if (!existsSync(script)) throw new Error(`apps/${name} is not built: run this as \`npm run bench\``);
  return script;
};

/** What every Hearth here is started with: the defaults, except for what has to differ between runs. */
const settings = (dataDir: string) => ({
  HEARTH_API_KEY: API_KEY,
  HEARTH_DATA_DIR: dataDir,
  HEARTH_LOG_LEVEL: 'warn',
  HEARTH_LOG_FORMAT: 'json',
});

/** A first start may have to install a nats-server; a later one may have a long log to fold. */
const LONG_START_MS = 300_000;

/** Starts all of Hearth in one process. */
export const startEmbedded = async (
  resources: Resources,
  dataDir = resources.folder(),
): Promise<NodeProgram & { readonly url: string }> => {
  const program = await startNode(resources, {
    title: 'Hearth embedded',
    script: appScript('embedded'),
    env: { ...settings(dataDir), HEARTH_PORT: '0' },
    readyWithin: LONG_START_MS,
  });
  return Object.assign(program, { url: program.url! });
};

export interface HearthStack {
  readonly gatewayUrl: string;
  readonly ingestionUrl: string;
}

/** Starts Hearth as processes of their own over a nats-server. */
export const startStack = async (resources: Resources): Promise<HearthStack> => {
  const [gateway, ingestion, projection, eventstore] = await freePorts(4);
  await startNode(resources, {
    title: 'Hearth as processes',
    script: appScript('stack'),
    env: {
      ...settings(resources.folder()),
      HEARTH_PORT: String(gateway),
      HEARTH_INGESTION_PORT: String(ingestion),
      HEARTH_PROFILE_PROJECTION_PORT: String(projection),
      HEARTH_EVENTSTORE_PORT: String(eventstore),
    },
    readyWithin: LONG_START_MS,
  });
  return { gatewayUrl: `http://127.0.0.1:${gateway}`, ingestionUrl: `http://127.0.0.1:${ingestion}` };
};
