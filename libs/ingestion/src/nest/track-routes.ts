import type { Json } from '@hearth/contracts';
import { addEndpoint } from '@hearth/rest-api';
import type { FastifyInstance } from 'fastify';

import type { Ingestion } from '../application/ingestion.ts';
import { answer } from './answer.ts';
import type { ContextOf } from './tokens.ts';
import { trackBulkEndpoint } from './track-bulk.endpoint.ts';
import { trackEndpoint, trackSyncEndpoint } from './track.endpoints.ts';

/** `/users/track`, `/users/track/bulk` and `/users/track/sync` (user-data API §5, §6). */
export const addTrackRoutes = (
  instance: FastifyInstance,
  { track, trackBulk, trackSync }: Pick<Ingestion, 'track' | 'trackBulk' | 'trackSync'>,
  contextOf: ContextOf,
): void => {
  addEndpoint(instance, trackEndpoint, (request, reply) =>
    track(request.body as Json, contextOf(request)).then((result) => answer(reply, result)),
  );
  addEndpoint(instance, trackBulkEndpoint, (request, reply) =>
    trackBulk(request.body as Json, contextOf(request)).then((result) => answer(reply, result)),
  );
  addEndpoint(instance, trackSyncEndpoint, (request, reply) =>
    trackSync(request.body as Json, contextOf(request)).then((result) => answer(reply, result)),
  );
};
