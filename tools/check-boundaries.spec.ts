import { describe, expect, it } from 'vitest';
import { boundaryViolations, packageOf, type Import, type Project } from './check-boundaries-rules.ts';
import { specifiersIn } from './check-boundaries-workspace.ts';

const project = (
  name: string,
  layer: string,
  uses: readonly string[] = [],
  more: Partial<Project> = {},
): Project => {
  const root = `libs/${name.replace('@hearth/', '')}`;
  return {
    name,
    root,
    tags: [`layer:${layer}`, 'scope:shared'],
    built: true,
    dependencies: uses,
    references: uses.filter((use) => use.startsWith('@hearth/')),
    imports: uses.map((specifier) => ({ file: `${root}/src/index.ts`, specifier, test: false })),
    ...more,
  };
};

const edgesOf = (projects: readonly Project[]) =>
  projects.flatMap(({ name, dependencies }) => dependencies.map((target) => ({ source: name, target })));

const violations = (projects: readonly Project[], edges = edgesOf(projects)) =>
  boundaryViolations({ projects, edges, toolchain: ['vitest'] });

const contracts = project('@hearth/contracts', 'contracts');
const eventing = project('@hearth/eventing', 'kernel', ['@hearth/contracts']);
const sqlite = project('@hearth/eventstore-sqlite', 'adapter', ['@hearth/eventing']);
const users = project('@hearth/users', 'context', ['@hearth/contracts', '@hearth/eventing', 'zod']);
const sound = [contracts, eventing, sqlite, users];

const inUsers = (found: Partial<Import>): Project => ({
  ...users,
  imports: [
    ...users.imports,
    { file: 'libs/users/src/domain/user.ts', specifier: '', test: false, ...found },
  ],
});

describe('boundaries', () => {
  it('find nothing where every package keeps to its layer', () => {
    expect(violations(sound)).toEqual([]);
  });

  it.each([
    ['context', 'adapter'],
    ['kernel', 'context'],
    ['contracts', 'kernel'],
    ['adapter', 'context'],
    ['adapter', 'platform'],
    ['context', 'app'],
    ['app', 'app'],
    ['composition', 'context'],
  ])('refuse that a %s uses an %s', (from, to) => {
    const found = violations([project('@hearth/a', from, ['@hearth/b']), project('@hearth/b', to)]);
    expect(found).toEqual([
      expect.stringMatching(`@hearth/a \\(layer ${from}\\) depends on @hearth/b \\(layer ${to}\\)`),
    ]);
  });

  it('refuse a circle and show the way along it', () => {
    const found = violations([
      project('@hearth/a', 'context', ['@hearth/b']),
      project('@hearth/b', 'context', ['@hearth/c']),
      project('@hearth/c', 'context', ['@hearth/a']),
    ]);
    expect(found).toEqual([
      'packages depend on each other in a circle: @hearth/a -> @hearth/b -> @hearth/c -> @hearth/a',
    ]);
  });

  it('do not believe a graph from which edges have vanished', () => {
    expect(violations(sound, [])).toContain(
      'nx graph shows no dependency at all: its answers cannot be trusted',
    );
    expect(violations(sound, edgesOf([eventing, users]))).toEqual([
      'nx graph does not show that @hearth/eventstore-sqlite imports @hearth/eventing: its answers cannot be trusted',
    ]);
  });

  it('refuse imports, package.json and tsconfig.json that are out of step', () => {
    const outOfStep = project('@hearth/a', 'context', [], {
      dependencies: ['lru-cache', '@hearth/eventing'],
      references: ['@hearth/users'],
      imports: [{ file: 'libs/a/src/index.ts', specifier: '@hearth/contracts', test: false }],
    });
    expect(violations([...sound, outOfStep])).toEqual([
      'nx graph does not show that @hearth/a imports @hearth/contracts: its answers cannot be trusted',
      '@hearth/a imports @hearth/contracts, which its package.json does not depend on',
      '@hearth/a depends on lru-cache in its package.json and never imports it',
      '@hearth/a depends on @hearth/eventing in its package.json and never imports it',
      '@hearth/a imports @hearth/contracts, which its tsconfig.json does not refer to',
      '@hearth/a refers to @hearth/users in its tsconfig.json and never imports it',
    ]);
  });

  it('refuse a look inside another package, by name or by path', () => {
    expect(
      violations([contracts, eventing, inUsers({ specifier: '@hearth/eventing/dist/event.js' })]),
    ).toEqual([expect.stringContaining('which is inside @hearth/eventing')]);
    expect(
      violations([contracts, eventing, inUsers({ specifier: '../../../eventing/src/event.ts' })]),
    ).toEqual([expect.stringContaining('which is in another package')]);
    expect(violations([contracts, eventing, inUsers({ specifier: '../application/x.ts' })])).toEqual([]);
  });

  it('let specs use an adapter and what is for tests, and nothing else', () => {
    const spec = { file: 'libs/users/src/users.int.spec.ts', test: true };
    const edges = [...edgesOf(sound), { source: users.name, target: sqlite.name }];
    const withSpec = (specifier: string) => [contracts, eventing, sqlite, inUsers({ ...spec, specifier })];
    expect(violations(withSpec('@hearth/eventstore-sqlite'), edges)).toEqual([]);
    expect(violations(withSpec('@hearth/eventing/testing'))).toEqual([]);
    expect(violations(withSpec('../../eventing/src/testing/writers.ts'))).toEqual([]);
    expect(violations(withSpec('../../../tools/nats-server.mjs'))).toEqual([]);
    expect(violations(withSpec('../../eventing/src/position.ts'))).toHaveLength(1);
    expect(
      violations([contracts, eventing, sqlite, inUsers({ specifier: '@hearth/eventing/testing' })]),
    ).toEqual([expect.stringContaining('what is for tests is imported by tests only')]);
  });

  it('ask a package of tests alone for its dependencies, and for nothing that is for building', () => {
    const spec = { file: 'apps/e2e/src/journey.e2e.spec.ts', specifier: 'zod', test: true };
    const e2e = (dependencies: string[]) =>
      project('@hearth/app-e2e', 'app', [], {
        built: false,
        dependencies,
        imports: [spec, { ...spec, specifier: 'vitest' }],
      });
    expect(violations([...sound, e2e(['zod'])])).toEqual([]);
    expect(violations([...sound, e2e([])])).toEqual([
      '@hearth/app-e2e imports zod, which its package.json does not depend on',
    ]);
  });

  it('ask for the tags', () => {
    const found = violations([project('@hearth/a', 'basement', [], { tags: ['layer:basement'] })]);
    expect(found).toContainEqual(
      expect.stringMatching('@hearth/a needs one tag layer:\\* out of contracts, kernel'),
    );
    expect(found).toContain('@hearth/a needs one tag scope:* in its package.json');
  });
});

describe('imports', () => {
  it('are found in every form, and not in comments', () => {
    const source = `
      import a from 'a';
      import {
        b,
      } from "@scope/b/deep";
      export * from './c.ts';
      export type { D } from 'd';
      import 'e';
      const f = await import('f');
      // import g from 'g';
      /** import h from 'h' */
    `;
    expect(specifiersIn(source).toSorted()).toEqual(
      ['./c.ts', '@scope/b/deep', 'a', 'd', 'e', 'f'].toSorted(),
    );
  });

  it('name packages', () => {
    expect(['@scope/b/deep', 'fastify/lib/x.js', './x.ts', 'node:fs'].map(packageOf)).toEqual([
      '@scope/b',
      'fastify',
      undefined,
      undefined,
    ]);
  });
});
