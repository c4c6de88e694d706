// Appends to the log named first until it is killed, and prints each acknowledged append as a line of JSON.
import { appendWithoutPause } from '../../../eventing/src/testing/writers.ts';
import { openSqliteEventStore } from '../index.ts';

const [file, prefix] = process.argv.slice(2);
// So often that a kill meets the index and the write-ahead log in the middle of things.
const pace = { indexBatch: 300, checkpointPages: 60 };
const store = await openSqliteEventStore({ file: file!, pace });
// Writing to a pipe waits for its reader: what is acknowledged is told before anything else happens.
await appendWithoutPause(
  store,
  prefix!,
  (append) => void process.stdout.write(`${JSON.stringify(append)}\n`),
);
