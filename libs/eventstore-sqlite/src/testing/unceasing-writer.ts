// Appends to the log named first until it is killed, and prints each acknowledged append as a line of JSON.
import { writeSync } from 'node:fs';
import { appendWithoutPause } from '../../../eventing/src/testing/writers.ts';
import { openSqliteEventStore } from '../index.ts';

const [file, prefix] = process.argv.slice(2);
const store = await openSqliteEventStore({ file: file! });
await appendWithoutPause(store, prefix!, (append) => writeSync(1, `${JSON.stringify(append)}\n`));
