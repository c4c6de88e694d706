import { inProcessMessaging, type Messaging, type MessagingHooks } from '@hearth/messaging';
import { natsMessaging } from '@hearth/messaging-nats';
import { occasionally, type Logger, type Service } from '@hearth/nest-kit';

export interface MessagingConfig {
  /** One address, or those of a cluster with commas between. Unset: messages stay within the process. */
  readonly natsUrl?: string | undefined;
}

/** The connection tries again several times a second; a line every few seconds tells as much. */
const QUIET_MS = 5_000;

const hooks = (logger: Logger, servers: readonly string[] = []): MessagingHooks => {
  const problem = occasionally(QUIET_MS, (error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    logger.warn({ servers, reason }, 'NATS cannot be reached');
  });
  return {
    handlerFailed: (err, { subject, headers }) =>
      logger.error({ err, subject, correlationId: headers.correlationId }, 'a message handler failed'),
    connectionProblem: problem,
  };
};

/** Addresses without what stands before the `@`, and that: the client takes credentials apart from addresses. */
export const natsServers = (
  natsUrl: string,
): { servers: string[]; user?: string; pass?: string; token?: string } => {
  const urls = natsUrl.split(',').map((url) => /^(\w+:\/\/)(?:([^@/]*)@)?(.*)$/.exec(url.trim())!);
  const servers = urls.map(([, protocol, , rest]) => `${protocol}${rest}`);
  const credentials = urls.map(([, , text]) => text).find((text) => text);
  if (credentials === undefined) return { servers };
  const [user = '', pass] = credentials.split(':').map(decodeURIComponent);
  return pass === undefined ? { servers, token: user } : { servers, user, pass };
};

/** Messaging of a process that is no service, such as a command: the caller closes it. */
export const messagingFor = (
  { natsUrl }: MessagingConfig,
  {
    name,
    logger,
    connectTimeoutMs,
  }: { readonly name: string; readonly logger: Logger; readonly connectTimeoutMs?: number },
): Promise<Messaging> =>
  natsUrl === undefined
    ? Promise.resolve(inProcessMessaging(hooks(logger)))
    : natsMessaging({
        ...natsServers(natsUrl),
        ...hooks(logger, natsServers(natsUrl).servers),
        name: `hearth-${name}`,
        ...(connectTimeoutMs !== undefined && { connectTimeoutMs }),
      });

/**
 * Messaging of a service: NATS where it has an address, else within the process. Waits for a server that is not there yet.
 * The service is ready only while it is connected, and closes it when it stops.
 */
export const openMessaging = async (
  config: MessagingConfig,
  { name, logger, health, lifecycle }: Service,
): Promise<Messaging> => {
  const messaging = await messagingFor(config, { name, logger });
  health.check('messaging', () => messaging.connected || 'NATS cannot be reached');
  messaging.onConnectionChange((connected) => {
    if (connected) logger.info('connected to NATS again');
    else if (!lifecycle.stopping) logger.warn('the connection to NATS was lost');
  });
  lifecycle.onStop('close', 'messaging', () => messaging.close());
  return messaging;
};
