import { PassThrough } from 'node:stream';
import { BODY_LIMIT_BYTES, drainBody } from '@hearth/nest-kit';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/**
 * Sends bodies that a service may refuse by their size through a pipe of their own. A service that answers before it has read the
 * whole body ends the pipe, not the client's connection: the client still reads the answer. What it goes on to send is dropped.
 */
export const addRefusableBodies = (instance: FastifyInstance): void => {
  const refusable = new WeakSet<FastifyRequest>();
  instance.addHook('preParsing', (request, _reply, payload, done) => {
    const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
    if (encoding === undefined && Number(length ?? 0) <= BODY_LIMIT_BYTES) return done(null, payload);
    const pipe = new PassThrough();
    pipe.on('error', () => undefined);
    pipe.once('close', () => {
      payload.unpipe(pipe);
      drainBody(request.raw);
    });
    payload.pipe(pipe);
    refusable.add(request);
    done(null, pipe);
  });
  // An answer that comes before the end of the body would have the connection closed behind it.
  instance.addHook('onSend', (request, reply, _payload, done) => {
    if (refusable.has(request)) void reply.removeHeader('connection');
    done();
  });
};
