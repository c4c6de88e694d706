import { coalesceContract, messagingContract, type OpenMessaging } from '@hearth/messaging/testing';
import { startNatsServer } from '../../../tools/nats-server.mjs';
import { natsMessaging } from './nats-messaging.ts';
import { HEADER_BYTES } from './wire-headers.ts';

const open: OpenMessaging = async ({ maxPayloadBytes } = {}) => {
  const server = await startNatsServer(
    maxPayloadBytes === undefined ? {} : { maxPayload: maxPayloadBytes + HEADER_BYTES },
  );
  return {
    connect: (hooks) => natsMessaging({ servers: server.url, name: 'contract', ...hooks }),
    close: () => server.stop(),
  };
};

messagingContract('natsMessaging', open);
coalesceContract('natsMessaging', open);
