// What teams build instead: Fastify in front of Postgres, written by hand for this one purpose and with care for speed.
// Arguments: the folder of the socket, the size of the pool.
import { fastify } from 'fastify';
import { Pool, type PoolClient } from 'pg';
import { DATABASE } from '../postgres/cluster.ts';
import { schema, writeAttributes, writeOccurrence } from '../postgres/statements.ts';
import { listenAndReport } from './report-ready.ts';

interface AttributesObject {
  readonly external_id: string;
  readonly [name: string]: unknown;
}
interface EventObject {
  readonly external_id: string;
  readonly name: string;
  readonly time: string;
}
interface PurchaseObject {
  readonly external_id: string;
  readonly product_id: string;
  readonly time: string;
}
interface Batch {
  readonly attributes: readonly AttributesObject[];
  readonly events: readonly EventObject[];
  readonly purchases: readonly PurchaseObject[];
}

const [host, poolSize] = process.argv.slice(2);
// Connections stay open however long this server's turn takes to come round: others are measured in between.
const pool = new Pool({ host, ...DATABASE, max: Number(poolSize), idleTimeoutMillis: 0 });
await pool.query(schema);

const attributesQuery = (object: AttributesObject) => {
  const { external_id, ...sent } = object;
  const plain: Record<string, unknown> = {};
  const increments: Record<string, number> = {};
  for (const [name, value] of Object.entries(sent))
    if (isIncrement(value)) increments[name] = value.inc;
    else plain[name] = value;
  return {
    ...writeAttributes,
    values: [external_id, JSON.stringify(object), JSON.stringify(plain), JSON.stringify(increments)],
  };
};

const isIncrement = (value: unknown): value is { inc: number } =>
  typeof value === 'object' && value !== null && 'inc' in value && typeof value.inc === 'number';

const writeEvent = writeOccurrence('events');
const eventQuery = (object: EventObject) => ({
  ...writeEvent,
  values: [object.external_id, JSON.stringify(object), object.name, object.time],
});

const writePurchase = writeOccurrence('purchases');
const purchaseQuery = (object: PurchaseObject) => ({
  ...writePurchase,
  values: [object.external_id, JSON.stringify(object), object.product_id, object.time],
});

/** One statement an object, in the order of users, so that two batches cannot wait for each other in a circle. */
const writeRowByRow = async (client: PoolClient, batch: Batch): Promise<void> => {
  const rows = [
    ...batch.attributes.map((object) => ({ of: object.external_id, query: attributesQuery(object) })),
    ...batch.events.map((object) => ({ of: object.external_id, query: eventQuery(object) })),
    ...batch.purchases.map((object) => ({ of: object.external_id, query: purchaseQuery(object) })),
  ].toSorted((a, b) => (a.of < b.of ? -1 : a.of > b.of ? 1 : 0));
  await client.query('begin');
  for (const { query } of rows) await client.query(query);
  await client.query('commit');
};

const app = fastify();

app.post<{ Body: { attributes: [AttributesObject] } }>('/users/track/sync', async ({ body }, reply) => {
  const [object] = body.attributes;
  const { rows } = await pool.query<{ attributes: Record<string, unknown> }>(attributesQuery(object));
  const { external_id, ...sent } = object;
  const stored = rows[0]!.attributes;
  const custom_attributes = Object.fromEntries(Object.keys(sent).map((name) => [name, stored[name]]));
  return reply.code(201).send({ users: [{ external_id, custom_attributes }], message: 'success' });
});

app.post<{ Body: Batch }>('/users/track', async ({ body }, reply) => {
  const client = await pool.connect();
  try {
    await writeRowByRow(client, body);
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
  return reply.code(201).send({
    message: 'success',
    attributes_processed: body.attributes.length,
    events_processed: body.events.length,
    purchases_processed: body.purchases.length,
  });
});

await listenAndReport(app);
