// Contends for the revisions of a stream: connection string, stream and number of appends come as arguments; prints
// each acknowledged append as a line of JSON.
import { contendForRevisions } from '../../../eventing/src/testing/writers.ts';
import { kurrentdbEventStore } from '../index.ts';

const [connectionString, stream, appends] = process.argv.slice(2);
const store = await kurrentdbEventStore({ connectionString: connectionString! });
const acknowledged = await contendForRevisions(store, { stream: stream!, appends: Number(appends) });
for (const append of acknowledged) console.log(JSON.stringify(append));
await store.close();
