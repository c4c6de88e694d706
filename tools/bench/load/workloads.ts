/**
 * What the client sends. `sync`: one attributes object a call. `async`: a call with 75 attributes, 75 events and 75
 * purchases, each for a user of its own. `async_by_user`: the same for 75 users, each with one of all three. `attributes`: an
 * asynchronous call with 75 attributes, the fastest way to bring many users into being.
 * `random` picks a user for each object and never ends; `each` names every user once and ends.
 */
export interface Workload {
  readonly kind: 'sync' | 'async' | 'async_by_user' | 'attributes';
  readonly order: 'random' | 'each';
  /** How many users there are to pick from. */
  readonly users: number;
}

export interface Call {
  readonly path: string;
  readonly body: string;
  /** How many objects the body carries. */
  readonly objects: number;
}

/** As many objects as the API takes in one array. */
export const OBJECTS_PER_ARRAY = 75;

export const externalId = (user: number): string => `user-${String(user).padStart(7, '0')}`;

/** The calls of a workload, each made as it is needed. Undefined is the end. The same seed makes the same calls. */
export const callsOf = ({ kind, order, users }: Workload, seed: number): (() => Call | undefined) => {
  const next = order === 'random' ? randomBelow(users, seed) : counterTo(users);
  const take = (count: number): number[] => {
    const taken: number[] = [];
    for (let user = next(); user !== undefined; user = next()) if (taken.push(user) === count) break;
    return taken;
  };
  return () => {
    const perArray = kind === 'sync' ? 1 : OBJECTS_PER_ARRAY;
    const attributes = take(perArray);
    if (attributes.length === 0) return undefined;
    if (kind === 'sync' || kind === 'attributes')
      return {
        path: kind === 'sync' ? '/users/track/sync' : '/users/track',
        body: `{"attributes":[${attributes.map(attributesOf).join()}]}`,
        objects: attributes.length,
      };
    const time = new Date().toISOString();
    const others = (): number[] => (kind === 'async_by_user' ? attributes : take(perArray));
    const events = others().map((user) => eventOf(user, time));
    const purchases = others().map((user) => purchaseOf(user, time));
    return {
      path: '/users/track',
      body: `{"attributes":[${attributes.map(attributesOf).join()}],"events":[${events.join()}],"purchases":[${purchases.join()}]}`,
      objects: attributes.length + events.length + purchases.length,
    };
  };
};

const attributesOf = (user: number): string =>
  `{"external_id":"${externalId(user)}","tier":"gold","visits":{"inc":1},"last_page":"/x"}`;

const eventOf = (user: number, time: string): string =>
  `{"external_id":"${externalId(user)}","name":"page_viewed","time":"${time}","properties":{"page":"/x","seconds":12}}`;

const purchaseOf = (user: number, time: string): string =>
  `{"external_id":"${externalId(user)}","product_id":"sku-1","currency":"EUR","price":9.99,"time":"${time}"}`;

const counterTo = (end: number): (() => number | undefined) => {
  let next = 0;
  return () => (next < end ? next++ : undefined);
};

/** Mulberry32: small, fast, and the same numbers for every server that is measured. */
const randomBelow = (end: number, seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * end);
  };
};
