// The ceiling: Fastify parses the body and answers what Hearth would, without doing anything for it.
import { fastify } from 'fastify';
import { listenAndReport } from './report-ready.ts';

const app = fastify();
app.post('/users/track/sync', (_request, reply) =>
  reply.code(201).send({
    users: [{ external_id: 'user-0000000', custom_attributes: { tier: 'gold', visits: 1, last_page: '/x' } }],
    message: 'success',
  }),
);
await listenAndReport(app);
