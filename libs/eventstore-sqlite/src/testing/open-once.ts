// Opens the log named first, appends one event and closes it; a refusal is printed with its code.
import { someEvent } from './one-event.ts';
import { EventStoreError } from '../../../eventing/src/index.ts';
import { openSqliteEventStore } from '../index.ts';

try {
  const store = await openSqliteEventStore({ file: process.argv[2]! });
  await store.append('thing-once', [someEvent()], { expectedRevision: 'any' });
  await store.close();
} catch (error) {
  console.error(error instanceof EventStoreError ? `${error.code}: ${error.message}` : error);
  process.exitCode = 1;
}
