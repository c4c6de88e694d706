import { fileURLToPath } from 'node:url';
import type { StackConfig } from './config.ts';
import { natsAnswers } from './nats-answers.ts';

/** One process of the stack: how it is started, and how it is known to be ready. */
export interface ProcessPlan {
  readonly name: string;
  readonly script: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Asked until it is true. Without it the process says that it is ready, over its channel. */
  readonly isReady?: () => Promise<boolean>;
  /** Lines of its output that are worth showing; all of them when left out. */
  readonly shows?: (line: string) => boolean;
}

export interface Ports {
  readonly nats: number;
  readonly ingestion: number;
  readonly profileProjection: number;
  readonly eventstore: number;
}

const appScript = (name: string): string =>
  fileURLToPath(new URL(`../../${name}/dist/main.js`, import.meta.url));

const local = (port: number): string => `http://127.0.0.1:${port}`;

/** The gateway says whose call it passes on; what proxies are in front of it is its own affair. */
const behindGateway = { HEARTH_TRUST_PROXY: '127.0.0.1' } as const;

/** nats-server tells a dozen things at each start that are of no interest here. */
const isNatsTrouble = (line: string): boolean => /\[(?:WRN|ERR|FTL)\]/.test(line);

const nats = (port: number, program: string): ProcessPlan => ({
  name: 'nats-server',
  script: fileURLToPath(new URL('./guard.js', import.meta.url)),
  args: [program, '-a', '127.0.0.1', '-p', String(port)],
  env: {},
  isReady: () => natsAnswers(port),
  shows: isNatsTrouble,
});

/**
 * The processes of the stack, in waves: those of one wave start together, once all of the wave before are ready. They
 * stop one by one in the opposite order. Settings travel in the environment, as they do in a container.
 */
export const stackPlan = (
  { port, host, eventStore, natsUrl }: Pick<StackConfig, 'port' | 'host' | 'eventStore' | 'natsUrl'>,
  ports: Ports,
  natsProgram: string | undefined,
): readonly (readonly ProcessPlan[])[] => {
  const shared = {
    HEARTH_HOST: '127.0.0.1',
    HEARTH_NATS_URL: natsUrl ?? `nats://127.0.0.1:${ports.nats}`,
  };
  const service = (name: string, env: Readonly<Record<string, string>>): ProcessPlan => ({
    name,
    script: appScript(name),
    args: [],
    env: { ...shared, ...env },
  });
  return [
    natsProgram === undefined ? [] : [nats(ports.nats, natsProgram)],
    eventStore === 'sqlite' ? [service('eventstore', { HEARTH_PORT: String(ports.eventstore) })] : [],
    [
      service('profile-projection', { ...behindGateway, HEARTH_PORT: String(ports.profileProjection) }),
      service('ingestion', { ...behindGateway, HEARTH_PORT: String(ports.ingestion) }),
    ],
    [
      service('gateway', {
        HEARTH_HOST: host,
        HEARTH_PORT: String(port),
        HEARTH_INGESTION_URL: local(ports.ingestion),
        HEARTH_PROFILE_PROJECTION_URL: local(ports.profileProjection),
      }),
    ],
  ].filter((wave) => wave.length > 0);
};
