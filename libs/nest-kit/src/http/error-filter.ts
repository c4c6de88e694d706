import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../logging/logger.ts';
import { errorReply, type ErrorReplies } from './error-reply.ts';

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
    if (unexpected) {
      const path = request.routeOptions?.url;
      this.logger.error(
        { correlationId: request.id, method: request.method, path, err: error },
        'request failed',
      );
    }
    if (response.sent) return;
    if (headers) void response.headers(headers);
    void response.code(status).send(body);
  }
}
