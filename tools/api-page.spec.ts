import { readFileSync } from 'node:fs';
import { ingestionEndpoints } from '@hearth/ingestion';
import { settings } from '@hearth/nest-kit';
import { profilesEndpoints } from '@hearth/profiles';
import { expect, it } from 'vitest';

const page = readFileSync(new URL('../docs/api.md', import.meta.url), 'utf8');

it('the page of the API lists every endpoint with its permission', () => {
  const table = /<!-- endpoints: begin -->\n([^]*?)\n<!-- endpoints: end -->/.exec(page)?.[1] ?? '';
  const rows = [...table.matchAll(/^\| `(\S+ \S+)`\s+\| `(\S+)`/gm)].map(
    ([, route, permission]) => `${route} ${permission}`,
  );
  const declared = [...ingestionEndpoints, ...profilesEndpoints].map(
    ({ method, path, permission }) => `${method} ${path} ${permission}`,
  );
  expect(rows.toSorted()).toEqual(declared.toSorted());
});

it('the page of the API names settings that exist', () => {
  const known = new Set<string>(Object.values(settings).map(({ name }) => name));
  const named = [...page.matchAll(/`(HEARTH_[A-Z_]+)/g)].map(([, name]) => name!);
  expect(named.filter((name) => !known.has(name))).toEqual([]);
});
