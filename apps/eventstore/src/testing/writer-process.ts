// Contends for the revisions of a stream and prints what it got, as one line of JSON.
import { natsEventStore } from '@hearth/eventstore-nats';
import { natsMessaging } from '@hearth/messaging-nats';
// oxlint-disable-next-line no-restricted-imports -- the package's test entry needs vitest, which a program has not
import { contendForRevisions } from '../../../../libs/eventing/src/testing/writers.ts';

const [file, servers, stream, appends] = process.argv.slice(2);
const messaging = await natsMessaging({ servers: servers!, name: 'writer' });
const store = await natsEventStore({ messaging, file: file! });
const acknowledged = await contendForRevisions(store, { stream: stream!, appends: Number(appends) });
process.stdout.write(`${JSON.stringify(acknowledged)}\n`);
await store.close();
await messaging.close();
