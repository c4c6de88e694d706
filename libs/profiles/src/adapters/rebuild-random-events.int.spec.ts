import type { UserEvent } from '@hearth/contracts';
import fc from 'fast-check';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { event } from '../testing/random-events.ts';
import { logModule } from '../testing/sqlite-log.ts';
import {
  applied,
  appendTo,
  created,
  openLog,
  openProjection,
  testFolder,
  userNumber,
} from '../testing/user-log.ts';
import { dumpHash } from './dump-profiles.ts';
import { rebuildProfiles } from './rebuild-profiles.ts';

const clean = (events: readonly UserEvent[]) => JSON.parse(JSON.stringify(events)) as UserEvent[];

it(
  'live profiles of random attribute operations are those that a rebuild folds',
  () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(4), fc.array(event, { minLength: 1, maxLength: 4 })), { maxLength: 30 }),
        fc.nat(30),
        async (appends, restartAt) => {
          const folder = testFolder();
          const store = await openLog(folder);
          const file = join(folder, 'profiles.db');
          for (let n = 0; n < 5; n++) await appendTo(store, userNumber(n), created(userNumber(n)));
          let live = await openProjection(store, { file });
          for (const [at, [user, events]] of appends.entries()) {
            await appendTo(store, userNumber(user), ...clean(events));
            if (at !== restartAt) continue;
            await applied(store, live);
            await live.projection.stop();
            live = await openProjection(store, { file });
          }
          await applied(store, live);
          await live.projection.stop();
          expect(live.failures).toEqual([]);
          const hash = dumpHash(file);
          const rebuilt = await rebuildProfiles({ store, file: join(folder, 'rebuilt.db') });
          expect(rebuilt.hash).toBe(hash);
          const onThreads = await rebuildProfiles({
            store,
            file: join(folder, 'rebuilt-on-threads.db'),
            log: logModule(store.file),
            threads: 2,
            maxHeld: 1, // after each page everything is written down and read back
          });
          expect(onThreads).toEqual(rebuilt);
        },
      ),
      { numRuns: 12 },
    ),
  90_000,
);
