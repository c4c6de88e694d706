import type { ProfileCandidate } from '@hearth/contracts';
import { positionAt } from '@hearth/eventing';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { attributesUpdated, customEventRecorded } from '../testing/profile-events.ts';
import {
  applied,
  appendTo,
  created,
  openLog,
  openProjection,
  testFolder,
  userNumber,
} from '../testing/user-log.ts';

const [alice, bob, carol] = [userNumber(1), userNumber(2), userNumber(3)];
const email = (value: string | null) => attributesUpdated({ fields: { email: value } });

const open = async (flushIntervalMs = 3_600_000) => {
  const folder = testFolder();
  const store = await openLog(folder);
  const opened = await openProjection(store, { file: join(folder, 'profiles.db'), flushIntervalMs });
  const { projection } = opened;
  await projection.whenCaughtUp();
  const resolve = async (value: string, min_position?: string): Promise<readonly ProfileCandidate[]> => {
    const [reply] = await projection.resolveIdentifiers([
      { kind: 'email', value, ...(min_position !== undefined && { min_position }) },
    ]);
    if (!reply || 'error' in reply) throw new Error(JSON.stringify(reply));
    return reply.candidates;
  };
  const whoHas = async (value: string, min?: string) =>
    (await resolve(value, min)).map((c) => c.braze_id).sort();
  return { store, opened, projection, resolve, whoHas };
};

describe('a resolved email', () => {
  it('names everybody who has it now, with what the priority rule needs', async () => {
    const { store, resolve } = await open();
    await appendTo(store, alice, created(alice, 'a@b.co'));
    const { position, revision } = await appendTo(store, bob, created(bob), email('a@b.co'));
    expect(await resolve('a@b.co', position)).toEqual([
      expect.objectContaining({ braze_id: alice, external_id: null, revision: 0 }),
      { braze_id: bob, external_id: `id-${bob}`, updated_at: expect.any(String), position, revision },
    ]);
    expect(await resolve('nobody@b.co', position)).toEqual([]);
  });

  it('follows the current value, written down or not', async () => {
    for (const flushIntervalMs of [5, 3_600_000]) {
      const { store, opened, projection, whoHas } = await open(flushIntervalMs);
      await appendTo(store, alice, created(alice), email('a@b.co'));
      const { position } = await appendTo(store, bob, created(bob), email('a@b.co'));
      expect(await whoHas('a@b.co', position)).toEqual([alice, bob].sort());
      if (flushIntervalMs === 5) await expect.poll(() => projection.stats().waiting).toBe(0);
      const moved = await appendTo(store, alice, email('c@d.co'));
      expect(await whoHas('a@b.co', moved.position)).toEqual([bob]);
      expect(await whoHas('c@d.co')).toEqual([alice]);
      await appendTo(store, alice, email(null));
      await appendTo(store, bob, { type: 'UserDeleted', data: {} });
      await applied(store, opened);
      expect([await whoHas('a@b.co'), await whoHas('c@d.co')]).toEqual([[], []]);
    }
  });

  it('takes in everything up to a position, also one of another kind of stream', async () => {
    const { store, whoHas } = await open();
    await appendTo(store, carol, created(carol, 'c@d.co'));
    const { position } = await store.append(
      'identity_00-0011',
      [
        {
          id: crypto.randomUUID(),
          type: 'IdentifierClaimed',
          data: {},
          metadata: { $correlationId: 'c', $causationId: 'c', source: 't', received_at: '', schema: 1 },
        },
      ],
      { expectedRevision: 'no_stream' },
    );
    expect(await Promise.all(Array.from({ length: 20 }, () => whoHas('c@d.co', position)))).toEqual(
      Array(20).fill([carol]),
    );
  });

  it('says what is wrong with a position it cannot come to', async () => {
    const { store, projection } = await open();
    await appendTo(store, carol, created(carol), customEventRecorded('x'));
    const ask = async (min_position: string) =>
      projection.resolveIdentifiers([{ kind: 'email', value: 'c@d.co', min_position }]);
    const code = (code: string) => [{ error: { code, message: expect.any(String) } }];
    expect(await ask('yesterday')).toEqual(code('malformed_position'));
    expect(await ask(positionAt('00000000', 1))).toEqual(code('position_of_another_store'));
    expect(await ask(positionAt(store.storeId, 10_000_000_000n))).toEqual(code('not_reached'));
  });
});
