import { expect, it } from 'vitest';
import { streamMemory, type KnownStream } from './stream-memory.ts';

const known = (events: number): KnownStream => ({
  lastRevision: events - 1,
  events: new Map(
    Array.from({ length: events }, (_, revision) => [
      `${revision}`,
      { serverId: `${revision}`, revision, offset: BigInt(revision) },
    ]),
  ),
});

it('keeps streams until there is no room, and lets the oldest go first', () => {
  const memory = streamMemory(10);
  memory.keep('a', known(3));
  memory.keep('b', known(3));
  expect(memory.get('a')?.lastRevision).toBe(2);
  memory.keep('c', known(3));
  expect(['a', 'b', 'c'].map((stream) => memory.get(stream) !== undefined)).toEqual([false, true, true]);
});

it('counts a stream anew that became longer', () => {
  const memory = streamMemory(10);
  const growing = known(3);
  memory.keep('a', growing);
  memory.keep('b', known(3));
  for (let revision = 3; revision < 6; revision += 1)
    growing.events.set(`${revision}`, { serverId: `${revision}`, revision, offset: 0n });
  memory.keep('a', growing);
  expect(memory.get('b')).toBeUndefined();
  expect(memory.get('a')).toBe(growing);
});

it('does not keep a stream that is too long alone', () => {
  const memory = streamMemory(10);
  memory.keep('a', known(20));
  expect(memory.get('a')).toBeUndefined();
});

it('forgets', () => {
  const memory = streamMemory(10);
  memory.keep('a', known(3));
  memory.forget('a');
  memory.forget('b');
  expect(memory.get('a')).toBeUndefined();
});
