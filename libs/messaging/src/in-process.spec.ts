import { inProcessBus } from '@hearth/messaging';
import { coalesceContract, messagingContract, type OpenMessaging } from '@hearth/messaging/testing';

const open: OpenMessaging = async (options) => {
  const bus = inProcessBus(options);
  return { connect: async (hooks) => bus.connect(hooks), close: async () => undefined };
};

messagingContract('inProcessMessaging', open);
coalesceContract('inProcessMessaging', open);
