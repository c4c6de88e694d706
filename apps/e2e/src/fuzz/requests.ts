import type { Json } from '@hearth/contracts';
import type { Endpoint } from '@hearth/rest-api';

import { API_KEY } from '../testing/hearth-process.ts';
import { spoilHeaders, spoilPath, type Headers } from './header-mutations.ts';
import { textMutations, treeMutations } from './mutations.ts';
import type { Random } from './random.ts';
import { meetOthers } from './tree.ts';

/** A request of the run, and what was done to it. */
export interface FuzzRequest {
  readonly mutation: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: string | Uint8Array<ArrayBuffer>;
}

const treeNames = Object.keys(treeMutations);
const textNames = Object.keys(textMutations);

/** Valid requests of every endpoint that takes a body: what its documentation shows. */
export const seedsOf = (endpoints: readonly Endpoint[]): readonly { path: string; body: Json }[] =>
  endpoints
    .filter(({ method }) => method === 'POST')
    .flatMap(({ path, examples = [] }) =>
      examples.filter(({ status }) => status < 300).map(({ request }) => ({ path, body: request })),
    );

/** Endless requests out of valid ones: one in eight stays valid, so that there is something to break. */
export function* fuzzRequests(
  seeds: readonly { readonly path: string; readonly body: Json }[],
  random: Random,
): Generator<FuzzRequest, never> {
  for (;;) {
    const { path, body } = random.pick(seeds);
    const root = structuredClone(body) as Json;
    meetOthers(root, random);
    const headers: Headers = { 'content-type': 'application/json', authorization: `Bearer ${API_KEY}` };
    const base = { method: 'POST', path, headers };
    const way = random.next();
    if (way < 0.125) {
      yield { ...base, mutation: 'none', body: JSON.stringify(root) };
    } else if (way < 0.75) {
      const mutation = random.pick(treeNames);
      treeMutations[mutation]!(root, random);
      // Mutations meet as well: what one breaks, another may get past the first check.
      if (random.chance(0.3)) treeMutations[random.pick(treeNames)]!(root, random);
      yield { ...base, mutation, body: JSON.stringify(root) };
    } else if (way < 0.9) {
      const mutation = random.pick(textNames);
      yield { ...base, mutation, body: textMutations[mutation]!(JSON.stringify(root), random) };
    } else if (way < 0.97) {
      yield {
        ...base,
        mutation: 'header',
        headers: spoilHeaders(headers, random),
        body: JSON.stringify(root),
      };
    } else {
      yield { ...base, mutation: 'path', path: spoilPath(path, random), body: JSON.stringify(root) };
    }
  }
}
