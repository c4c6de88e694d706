import { describe, expect, it } from 'vitest';
import { callsOf, externalId, type Call, type Workload } from './workloads.ts';

const calls = (workload: Workload, most: number, seed = 1): Call[] => {
  const next = callsOf(workload, seed);
  const taken: Call[] = [];
  for (let call = next(); call && taken.length < most; call = next()) taken.push(call);
  return taken;
};

const ids = (call: Call, array: string): string[] =>
  (JSON.parse(call.body) as Record<string, { external_id: string }[]>)[array]!.map(
    (object) => object.external_id,
  );

describe('callsOf', () => {
  it('names every user once and ends', () => {
    const made = calls({ kind: 'sync', order: 'each', users: 3 }, 10);
    expect(made.flatMap((call) => ids(call, 'attributes'))).toEqual([0, 1, 2].map(externalId));
    expect(made.every(({ path }) => path === '/users/track/sync')).toBe(true);
  });

  it('brings users into being 75 at a time, the rest in a last call', () => {
    const made = calls({ kind: 'attributes', order: 'each', users: 160 }, 10);
    expect(made.map(({ objects }) => objects)).toEqual([75, 75, 10]);
    expect(new Set(made.flatMap((call) => ids(call, 'attributes'))).size).toBe(160);
  });

  it('fills all three arrays of an asynchronous call', () => {
    const [call] = calls({ kind: 'async', order: 'random', users: 100 }, 1);
    expect(call?.objects).toBe(225);
    for (const array of ['attributes', 'events', 'purchases']) expect(ids(call!, array)).toHaveLength(75);
  });

  it('gives each user one object of all three arrays, where it goes by user', () => {
    const [call] = calls({ kind: 'async_by_user', order: 'random', users: 100_000 }, 1);
    expect(call?.objects).toBe(225);
    expect(new Set(ids(call!, 'attributes')).size).toBeGreaterThan(70);
    for (const array of ['events', 'purchases']) expect(ids(call!, array)).toEqual(ids(call!, 'attributes'));
  });

  it('spreads random calls over the whole population, the same for the same seed', () => {
    const workload = { kind: 'sync', order: 'random', users: 10 } as const;
    const made = calls(workload, 500);
    expect(new Set(made.flatMap((call) => ids(call, 'attributes'))).size).toBe(10);
    expect(calls(workload, 500)).toEqual(made);
    expect(calls(workload, 500, 2)).not.toEqual(made);
  });
});
