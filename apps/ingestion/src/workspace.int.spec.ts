import { isRejection, type EventMetadata, type EventStore } from '@hearth/eventing';
import { openSqliteEventStore } from '@hearth/eventstore-sqlite';
import { defaultTrackRules, liveRules } from '@hearth/ingestion';
import { openWorkspace, type OpenWorkspace } from '@hearth/workspace';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

let folder: string;
let store: EventStore;
const opened: OpenWorkspace[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-workspace-'));
  store = await openSqliteEventStore({ file: join(folder, 'log.db') });
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((workspace) => workspace.close()));
  await store.close();
  await rm(folder, { recursive: true });
});

const open = async (): Promise<OpenWorkspace> => {
  const fail = (error: Error): never => {
    throw error;
  };
  const workspace = await openWorkspace({ store, newId: randomUUID, onFailure: fail });
  opened.push(workspace);
  return workspace;
};
const metadata: EventMetadata = {
  $correlationId: 'c',
  $causationId: 'c',
  source: 'test',
  received_at: '2026-01-01T00:00:00.000Z',
  schema: 1,
};
const block = (workspace: OpenWorkspace, ...add: readonly string[]) =>
  workspace.change({ type: 'ChangeBlocklist', data: { list: 'attributes', add, remove: [] } }, metadata);

/** Waits for the next change that fulfils a condition. */
const until = (workspace: OpenWorkspace, holds: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (holds()) resolve();
    };
    workspace.onChange(look);
    look();
  });

it('is read at the start and heard of by every instance', async () => {
  const [writer, other] = [await open(), await open()];
  await block(writer, 'a', 'b');
  expect([...writer.current.blocklistedAttributes]).toEqual(['a', 'b']);
  await until(other, () => other.current.blocklistedAttributes.has('b'));
  expect([...(await open()).current.blocklistedAttributes]).toEqual(['a', 'b']);
});

it('loses nothing when instances write at once', async () => {
  const instances = [await open(), await open(), await open()];
  const names = Array.from({ length: 30 }, (_, index) => `name ${index}`);
  await Promise.all(names.map((name, index) => block(instances[index % 3]!, name)));
  expect((await open()).current.blocklistedAttributes).toEqual(new Set(names));
  for (const instance of instances)
    await until(instance, () => instance.current.blocklistedAttributes.size === names.length);
});

it('is refused by its rules, with nothing stored', async () => {
  const workspace = await open();
  const refused = await block(workspace, '$x');
  expect(isRejection(refused)).toBe(true);
  expect((await store.readAll()).events).toEqual([]);
});

it('makes new rules when it changes, and only then', async () => {
  const workspace = await open();
  const rules = liveRules(defaultTrackRules, workspace);
  const before = rules.current;
  expect(before).toMatchObject({ appIds: null, subscriptionGroups: null });
  expect(rules.current).toBe(before);
  await workspace.change({ type: 'RegisterApp', data: { app_id: 'a', name: 'App' } }, metadata);
  await workspace.change({ type: 'ForceAttributeType', data: { name: 'x', data_type: 'number' } }, metadata);
  await workspace.change({ type: 'SetAttributeListLimit', data: { name: 'x', limit: 50 } }, metadata);
  expect(rules.current.appIds).toEqual(new Set(['a']));
  expect(rules.current.attributeRules).toEqual(new Map([['x', { forcedType: 'number', listLimit: 50 }]]));
});
