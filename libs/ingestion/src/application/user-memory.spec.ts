import type { ClaimableIdentifier } from '@hearth/contracts';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';

import { identityKeys } from './identity-keys.ts';
import { userMemory, type UserMemory } from './user-memory.ts';

const keys = identityKeys((text) => createHash('sha256').update(text).digest('hex'));
const externalId = (value: string): ClaimableIdentifier => ({ kind: 'external_id', value });
const idOf = (value: string): string => keys.brazeIdOf(externalId(value), 0);

/** A user that its own first claim names. */
const meet = (memory: UserMemory, value: string, revision: number): void =>
  memory.name(externalId(value), memory.learn(idOf(value), revision), true);

/** So many others that nobody met before is among the objects any more. */
const meetOthers = (memory: UserMemory): void => {
  for (let number = 0; number < 12; number += 1) meet(memory, `other ${number}`, 0);
};
const newMemory = (revisions = 1_000): UserMemory => userMemory(keys, { users: 4, revisions });

describe('the memory of users', () => {
  it('finds a user that fell out of the cache by its first name, where it stood last', () => {
    const memory = newMemory();
    meet(memory, 'ada', 3);
    memory.named(externalId('ada'))!.advanceTo(7);
    meetOthers(memory);
    expect(memory.user(idOf('ada'))).toBeUndefined();
    expect(memory.named(externalId('ada'))).toMatchObject({
      brazeId: idOf('ada'),
      revision: 7,
      isStale: false,
    });
    expect(memory.user(idOf('ada'))).toBe(memory.named(externalId('ada')));
  });

  it('has no revisions where there is no room for them', () => {
    const memory = newMemory(0);
    meet(memory, 'ada', 3);
    meetOthers(memory);
    expect(memory.named(externalId('ada'))).toBeUndefined();
  });

  it('does not find a user by the name of somebody else that it bore', () => {
    const memory = newMemory();
    memory.name(externalId('bob'), memory.learn(idOf('ada'), 3), false);
    meetOthers(memory);
    expect(memory.named(externalId('ada'))).toBeUndefined();
    expect(memory.named(externalId('bob'))).toBeUndefined();
  });

  it('believes no name any more once others have written to the user', () => {
    const memory = newMemory();
    meet(memory, 'ada', 3);
    memory.learn(idOf('ada'), 4);
    expect(memory.named(externalId('ada'))).toBeUndefined();

    meet(memory, 'bob', 3);
    meetOthers(memory);
    memory.learn(idOf('bob'), 4);
    expect(memory.named(externalId('bob'))).toBeUndefined();
    meetOthers(memory);
    expect(memory.named(externalId('bob'))).toBeUndefined();
  });

  it('does not take a revision kept before for the name of a user that was met anew since', () => {
    const memory = newMemory();
    meet(memory, 'ada', 3);
    const known = memory.named(externalId('ada'))!;
    // Its name falls out of the cache and the user does not, since it is written to by its braze_id.
    for (let number = 0; number < 12; number += 1) {
      meet(memory, `other ${number}`, 0);
      memory.user(idOf('ada'));
    }
    expect(memory.user(idOf('ada'))).toBe(known);
    known.advanceTo(4);
    expect(memory.named(externalId('ada'))).toBeUndefined();
  });

  it('forgets', () => {
    const memory = newMemory();
    meet(memory, 'ada', 3);
    const known = memory.named(externalId('ada'))!;
    memory.forget(idOf('ada'));
    expect(known.isStale).toBe(true);
    expect(memory.named(externalId('ada'))).toBeUndefined();
    meet(memory, 'bob', 3);
    meetOthers(memory);
    memory.forget(idOf('bob'));
    expect(memory.named(externalId('bob'))).toBeUndefined();
  });
});
