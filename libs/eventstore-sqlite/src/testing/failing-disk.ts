// Appends to the log named first until twenty appends failed, and prints which ids were stored and why others were not.
import { randomUUID } from 'node:crypto';
import { EventStoreError } from '../../../eventing/src/index.ts';
import { openSqliteEventStore } from '../index.ts';
import { someEvent } from './one-event.ts';

const store = await openSqliteEventStore({ file: process.argv[2]! });
const stored: string[] = [];
const failures: string[] = [];
while (failures.length < 20 && stored.length < 10_000) {
  const events = [someEvent({ filling: randomUUID().repeat(500) })];
  try {
    await store.append('user-1', events, { expectedRevision: 'any' });
    stored.push(...events.map(({ id }) => id));
  } catch (error) {
    if (!(error instanceof EventStoreError)) throw error;
    failures.push(error.code);
  }
}
await store.readAll();
await store.close();
console.log(JSON.stringify({ stored, failures }));
