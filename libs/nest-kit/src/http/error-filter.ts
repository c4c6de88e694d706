import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../logging/logger.ts';
import { drainBody } from './drain-body.ts';
import { errorReply, type ErrorReplies } from './error-reply.ts';

/** An error and what led to it, in a line: callers are told less. */
const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${reasonOf(error.cause)}` : error.message;
};

/** Turns whatever was thrown, in a controller, a hook or Fastify itself, into the public API's envelope. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(
    private readonly logger: Logger,
    private readonly replies: ErrorReplies,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.getArgByIndex<FastifyRequest>(0);
    const response = host.getArgByIndex<FastifyReply>(1);
    const { status, body, headers, unexpected } = errorReply(error, this.replies);
    const about = { correlationId: request.id, method: request.method, path: request.routeOptions?.url };
    if (unexpected) this.logger.error({ ...about, err: error }, 'request failed');
    else if (status >= 500)
      this.logger.warn({ ...about, status, reason: reasonOf(error) }, 'request refused');
    if (response.sent) return;
    if (headers) void response.headers(headers);
    // Fastify would have the connection closed at once.
    if (status === 413) void response.removeHeader('connection');
    drainBody(request.raw);
    void response.code(status).send(body);
  }
}
