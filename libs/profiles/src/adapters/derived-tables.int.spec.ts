import type { UserEvent, UserLookup } from '@hearth/contracts';
import { userStream } from '@hearth/contracts';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dumpHash, dumpProfiles } from './dump-profiles.ts';
import { rebuildProfiles } from './rebuild-profiles.ts';
import { attributesUpdated, customEventRecorded, purchaseRecorded } from '../testing/profile-events.ts';
import {
  asNewEvents,
  created,
  openLog,
  openTestReadModel,
  testFolder,
  userNumber,
} from '../testing/user-log.ts';
import { createApplier } from '../application/apply-events.ts';
import { profileTable } from '../application/profile-table.ts';

const [alice, bob] = [userNumber(1), userNumber(2)];

const externalId = (value: string): UserLookup & { kind: 'external_id' } => ({ kind: 'external_id', value });
const alias = (name: string): UserLookup & { kind: 'user_alias' } => ({
  kind: 'user_alias',
  value: { alias_label: 'l', alias_name: name },
});
const added = (identifier: UserLookup & { kind: 'external_id' | 'user_alias' }): UserEvent => ({
  type: 'IdentifierAdded',
  data: { identifier },
});
const removed = (identifier: UserLookup & { kind: 'external_id' | 'user_alias' }): UserEvent => ({
  type: 'IdentifierRemoved',
  data: { identifier },
});

/** A table on a file, to which events are applied one by one and which is written down when the test says so. */
const open = async () => {
  const folder = testFolder();
  const file = join(folder, 'profiles.db');
  const store = await openLog(folder);
  const { readModel } = await openTestReadModel(store, { file });
  const table = profileTable(readModel);
  const applier = createApplier(table, store, undefined);
  const apply = async (user: string, ...events: readonly UserEvent[]) => {
    await store.append(userStream(user), asNewEvents(events), { expectedRevision: 'any' });
    await applier.applyTail(user);
  };
  const names = (kind: 'custom_event' | 'product') => table.writtenNames(kind, undefined, 100);
  /** The dump of what is written, and that of a rebuild. */
  const dumps = async () => {
    await table.flush(undefined);
    await readModel.close();
    const { hash } = await rebuildProfiles({ store, file: join(folder, 'rebuilt.db') });
    return { live: dumpHash(file), rebuilt: hash, lines: [...dumpProfiles(file)] };
  };
  return { store, table, apply, names, dumps, flush: () => table.flush(undefined) };
};

describe('a look-up', () => {
  it.each(['waiting', 'written'] as const)(
    'finds a user by all of its names while they are %s',
    async (state) => {
      const { table, apply, flush } = await open();
      const settled = async () => (state === 'written' ? flush() : undefined);
      await apply(alice, created(alice), added(alias('a')));
      await settled();
      await apply(alice, added(externalId('renamed')));
      await settled();
      expect(table.find(externalId(`id-${alice}`))).toEqual([alice]);
      expect(table.find(externalId('renamed'))).toEqual([alice]);
      expect(table.find(alias('a'))).toEqual([alice]);
      expect(table.find({ kind: 'braze_id', value: alice })).toEqual([alice]);
      expect(table.find(alias('other'))).toEqual([]);
      await apply(alice, removed(externalId(`id-${alice}`)), removed(alias('a')));
      await settled();
      expect(table.find(externalId(`id-${alice}`))).toEqual([]);
      expect(table.find(alias('a'))).toEqual([]);
      expect(table.find(externalId('renamed'))).toEqual([alice]);
    },
  );

  it.each([
    ['an external id', externalId],
    ['a device', (value: string) => ({ kind: 'device_id', value }) as const],
    ['an alias', alias],
  ])('finds nobody by half of a surrogate pair in %s, whoever has what it is in UTF-8', async (_what, by) => {
    const { table, apply, flush } = await open();
    const [half, replaced] = ['a\ud83d', 'a\ufffd'];
    const push_tokens = [{ app_id: 'a', token: 't', device_id: replaced }];
    const named = [added(externalId(replaced)), added(alias(replaced)), attributesUpdated({ push_tokens })];
    await apply(alice, created(alice), ...named);
    await flush();
    expect([table.find(by(replaced)), table.find(by(half))]).toEqual([[alice], []]);
  });

  it('finds a user by its devices, as long as they have tokens', async () => {
    const { table, apply, flush } = await open();
    const device = { kind: 'device_id', value: 'phone-1' } as const;
    const push_tokens = [
      { app_id: 'a', token: 't', device_id: 'phone-1' },
      { app_id: 'b', token: 'u', device_id: 'phone-1' },
    ];
    await apply(alice, created(alice), attributesUpdated({ push_tokens }));
    expect(table.find(device)).toEqual([alice]);
    await flush();
    expect(table.find(device)).toEqual([alice]);
    await apply(alice, attributesUpdated({ push_tokens: null }));
    expect(table.find(device)).toEqual([]);
    await flush();
    expect(table.find(device)).toEqual([]);
  });

  it('finds nobody who was deleted or merged away, and whoever has the name now', async () => {
    const { table, apply, flush } = await open();
    await apply(alice, created(alice), added(alias('a')));
    await flush();
    await apply(alice, { type: 'MergedInto', data: { braze_id: bob } });
    await apply(bob, created(bob), added(alias('a')));
    expect(table.find(alias('a'))).toEqual([bob]);
    expect(table.find(externalId(`id-${alice}`))).toEqual([]);
    expect(table.find({ kind: 'braze_id', value: alice })).toEqual([]);
    await flush();
    expect(table.find(alias('a'))).toEqual([bob]);
  });
});

describe('names', () => {
  it('are those that some profile carries, and go with the last one', async () => {
    const { apply, names, flush } = await open();
    await apply(
      alice,
      created(alice),
      customEventRecorded('b'),
      customEventRecorded('a'),
      purchaseRecorded('p'),
    );
    await apply(bob, created(bob), customEventRecorded('a'), customEventRecorded('__proto__'));
    await flush();
    expect([names('custom_event'), names('product')]).toEqual([['__proto__', 'a', 'b'], ['p']]);
    await apply(alice, customEventRecorded('c'), customEventRecorded('a'));
    await flush();
    await apply(alice, { type: 'UserDeleted', data: {} });
    await flush();
    expect([names('custom_event'), names('product')]).toEqual([['__proto__', 'a'], []]);
  });

  it('stand in the order of their code points', async () => {
    const { apply, names, flush } = await open();
    await apply(
      alice,
      created(alice),
      ...['\u{1f600}', '\uff5e', 'é', 'z'].map((name) => customEventRecorded(name)),
    );
    await flush();
    expect(names('custom_event')).toEqual(['z', 'é', '\uff5e', '\u{1f600}']);
  });
});

it('what hangs on profiles is the same rebuilt, whatever was written when, and after an erasure', async () => {
  const { store, apply, flush, dumps } = await open();
  await apply(alice, created(alice), added(alias('a')), customEventRecorded('seen'));
  await flush();
  await apply(alice, added(externalId('renamed')), customEventRecorded('seen'), customEventRecorded('left'));
  await apply(bob, created(bob), added(alias('b')), customEventRecorded('only bob'), purchaseRecorded('p'));
  await flush();
  await apply(bob, { type: 'UserDeleted', data: {} });
  await store.eraseBefore(userStream(bob), 4);
  const { live, rebuilt, lines } = await dumps();
  expect(live).toBe(rebuilt);
  expect(lines.filter((line) => !line.includes('"document":'))).toEqual([
    `{"identifier":{"braze_id":"${alice}","key":"external_id:id-${alice}"}}`,
    `{"identifier":{"braze_id":"${alice}","key":"user_alias:[\\"l\\",\\"a\\"]"}}`,
    '{"name":{"kind":"custom_event","name":"left","profiles":1}}',
    '{"name":{"kind":"custom_event","name":"seen","profiles":1}}',
  ]);
});
