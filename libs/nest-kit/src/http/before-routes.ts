import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { drainBody } from './drain-body.ts';

const nothingThere = { message: 'Not Found' } as const;

/** Fastify's answer to a path that cannot be decoded, in the public API's envelope: there is nothing at such a path. */
export const answerUnreadablePath = (_error: Error, request: FastifyRequest, reply: FastifyReply): void => {
  void reply.header('X-Correlation-Id', request.id).code(404).send(nothingThere);
};

/** The answer to a path that leads nowhere, before its body is read, whoever sends what (user-data API §2.2). */
export const answerUnknownPath = (request: FastifyRequest, reply: FastifyReply): void => {
  drainBody(request.raw);
  void reply.code(404).send(nothingThere);
};

/**
 * Refuses what comes in over open connections once closing begins, in the public API's envelope and before anything is
 * stored. In the place of `return503OnClosing`, whose answer has neither headers nor envelope.
 */
export const refuseWhileClosing = (instance: FastifyInstance): void => {
  let closing = false;
  instance.addHook('preClose', (done) => {
    closing = true;
    done();
  });
  instance.addHook('onRequest', (_request, reply, done) => {
    if (!closing) return done();
    void reply.code(503).header('Retry-After', '1').send({ message: 'Service Unavailable' });
  });
};
