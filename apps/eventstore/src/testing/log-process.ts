// The log process without its HTTP side: serves the log named first over the NATS server named second until it is killed.
import { serveEventStore } from '@hearth/eventstore-nats';
import { openSqliteEventStore } from '@hearth/eventstore-sqlite';
import { natsMessaging } from '@hearth/messaging-nats';

const [file, servers] = process.argv.slice(2);
const store = await openSqliteEventStore({ file: file! });
const messaging = await natsMessaging({ servers: servers!, name: 'log process' });
serveEventStore(store, messaging);
await messaging.flush();
process.stdout.write('serving\n');
