import type { Json } from '@hearth/contracts';

import type { Random } from './random.ts';

/** A value inside a JSON tree: where it is, and a way to put another in its place. */
export interface Spot {
  readonly parent: Json[] | Record<string, Json>;
  readonly key: string;
  /** The key, or that of the list which the value is an item of. */
  readonly name: string;
  readonly value: Json;
}

/** A place that a value can be put in. */
export type Place = Pick<Spot, 'parent' | 'key'>;

/** Every value inside of an object or array, parents first. */
export const spotsIn = (root: Json): Spot[] => {
  const spots: Spot[] = [];
  const open: Pick<Spot, 'name' | 'value'>[] = [{ name: '', value: root }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { name, value } = next;
    if (typeof value !== 'object' || value === null) continue;
    const parent = value as Json[] | Record<string, Json>;
    for (const [key, inside] of Object.entries(parent)) {
      const spot = { parent, key, name: Array.isArray(parent) ? name : key, value: inside };
      spots.push(spot);
      open.push(spot);
    }
  }
  return spots;
};

/** Sets a key as `JSON.parse` would: `__proto__` becomes a key like any other. */
export const put = ({ parent, key }: Place, value: Json): void => {
  Object.defineProperty(parent, key, { value, enumerable: true, configurable: true, writable: true });
};

export const take = ({ parent, key }: Place): void => {
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
};

/** The objects of a tree, the root included. */
export const objectsIn = (root: Json): Record<string, Json>[] =>
  [root, ...spotsIn(root).map(({ value }) => value)].filter(
    (value): value is Record<string, Json> =>
      typeof value === 'object' && value !== null && !Array.isArray(value),
  );

const IDENTIFIERS =
  /^(?:(?:current_|new_)?external_ids?|(?:old_|new_)?alias_name|emails?|phones?|product_id|name)$/;

/** Leads the names of users in a request to a few users, so that requests meet one another. */
export const meetOthers = (root: Json, random: Random): void => {
  for (const spot of spotsIn(root)) {
    if (typeof spot.value !== 'string' || !IDENTIFIERS.test(spot.name)) continue;
    if (spot.value.includes('@')) put(spot, `user${random.below(12)}@example.com`);
    else if (/^\+?\d+$/.test(spot.value)) put(spot, `+1415555267${random.below(10)}`);
    else if (/^\w[\w-]*$/.test(spot.value)) put(spot, `u${random.below(40)}`);
  }
};
