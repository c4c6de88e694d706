/** One package of the workspace, as the rules see it. */
export interface Project {
  readonly name: string;
  /** From the workspace's root, with forward slashes: `libs/users`. */
  readonly root: string;
  readonly tags: readonly string[];
  /** False for one that holds tests alone. */
  readonly built: boolean;
  /** `dependencies` of its package.json: internal and external packages. */
  readonly dependencies: readonly string[];
  /** Packages that its tsconfig.json refers to. */
  readonly references: readonly string[];
  readonly imports: readonly Import[];
}

export interface Import {
  /** From the workspace's root. */
  readonly file: string;
  readonly specifier: string;
  /** True in specs and under `src/testing`, which are never built. */
  readonly test: boolean;
}

export interface Edge {
  readonly source: string;
  readonly target: string;
}

export interface Workspace {
  readonly projects: readonly Project[];
  /** What `nx graph` says depends on what. */
  readonly edges: readonly Edge[];
  /** The root's `devDependencies`, which any test may use. */
  readonly toolchain: readonly string[];
}

/** What each layer may depend on. */
const layers: Readonly<Record<string, readonly string[]>> = {
  contracts: [],
  kernel: ['contracts', 'kernel'],
  platform: ['contracts', 'kernel'],
  context: ['contracts', 'kernel', 'platform', 'context'],
  adapter: ['contracts', 'kernel', 'adapter'],
  composition: ['contracts', 'kernel', 'platform', 'adapter'],
  app: ['contracts', 'kernel', 'platform', 'context', 'adapter', 'composition'],
};

/** Packages that Nest asks for as peers: somebody has to depend on them, and nobody imports them. */
const peers = new Set(['reflect-metadata', 'rxjs', '@nestjs/platform-fastify', '@nestjs/core']);

/** The package that a specifier names; undefined for relative paths and Node's own modules. */
export const packageOf = (specifier: string): string | undefined => {
  if (specifier.startsWith('.') || specifier.startsWith('node:')) return undefined;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
};

const tagged = ({ tags }: Project, kind: string): string[] =>
  tags.filter((tag) => tag.startsWith(`${kind}:`)).map((tag) => tag.slice(kind.length + 1));

const tagViolations = (project: Project): string[] => {
  const [layer, ...moreLayers] = tagged(project, 'layer');
  const scopes = tagged(project, 'scope');
  return [
    ...(layer !== undefined && moreLayers.length === 0 && Object.hasOwn(layers, layer)
      ? []
      : [
          `${project.name} needs one tag layer:* out of ${Object.keys(layers).join(', ')} in its package.json`,
        ]),
    ...(scopes.length === 1 ? [] : [`${project.name} needs one tag scope:* in its package.json`]),
  ];
};

const importedBy = (project: Project, { tests }: { readonly tests: boolean }): Set<string> =>
  new Set(
    project.imports
      .filter(({ test }) => tests || !test)
      .map(({ specifier }) => packageOf(specifier))
      .filter((name) => name !== undefined && name !== project.name) as string[],
  );

/** Specs may use adapters that the code they test must not know. */
const onlyTestsUse = (project: Project, target: string): boolean =>
  importedBy(project, { tests: true }).has(target) &&
  !importedBy(project, { tests: false }).has(target) &&
  !project.dependencies.includes(target);

const layerViolations = (project: Project, target: Project): string[] => {
  const [from = ''] = tagged(project, 'layer');
  const [to = ''] = tagged(target, 'layer');
  const allowed = layers[from] ?? [];
  return allowed.includes(to)
    ? []
    : [
        `${project.name} (layer ${from}) depends on ${target.name} (layer ${to}); ${from} may use ${allowed.join(', ') || 'nothing'}`,
      ];
};

/**
 * What a test may reach by path: tools, and another package's index or `src/testing`. Programs that tests start run
 * without vitest's aliases, so names do not lead there.
 */
const openToTests = /^(?:tools\/|(?:libs|apps)\/[^/]+\/src\/(?:index\.ts$|testing\/))/;

const importViolations = (project: Project, internal: ReadonlySet<string>): string[] =>
  project.imports.flatMap(({ file, specifier, test }) => {
    const target = packageOf(specifier);
    if (specifier.startsWith('.')) {
      const path = new URL(specifier, `file:///${file}`).pathname.slice(1);
      return path.startsWith(`${project.root}/`) || (test && openToTests.test(path))
        ? []
        : [`${file} imports ${specifier}, which is in another package: import it by name`];
    }
    if (target === undefined || !internal.has(target) || specifier === target) return [];
    if (specifier === `${target}/testing`)
      return test ? [] : [`${file} imports ${specifier}: what is for tests is imported by tests only`];
    return [`${file} imports ${specifier}, which is inside ${target}: import what its index exports`];
  });

const inStepViolations = (
  project: Project,
  internal: ReadonlySet<string>,
  toolchain: ReadonlySet<string>,
): string[] => {
  const imported = importedBy(project, { tests: !project.built });
  const dependencies = new Set(project.dependencies);
  const references = new Set(project.references);
  return [
    ...[...imported]
      .filter((name) => !dependencies.has(name) && (project.built || !toolchain.has(name)))
      .map((name) => `${project.name} imports ${name}, which its package.json does not depend on`),
    ...[...dependencies]
      .filter((name) => !imported.has(name) && !peers.has(name))
      .map((name) => `${project.name} depends on ${name} in its package.json and never imports it`),
    ...[...imported]
      .filter((name) => project.built && internal.has(name) && !references.has(name))
      .map((name) => `${project.name} imports ${name}, which its tsconfig.json does not refer to`),
    ...[...references]
      .filter((name) => !imported.has(name))
      .map((name) => `${project.name} refers to ${name} in its tsconfig.json and never imports it`),
  ];
};

/** The first cycle among the edges, as the names along it. */
const cycleIn = (edges: readonly Edge[]): readonly string[] | undefined => {
  const finished = new Set<string>();
  const walk = (name: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    if (finished.has(name)) return undefined;
    for (const { target } of edges.filter(({ source }) => source === name)) {
      const cycle = walk(target, [...path, name]);
      if (cycle) return cycle;
    }
    finished.add(name);
    return undefined;
  };
  return [...new Set(edges.map(({ source }) => source))].map((name) => walk(name, [])).find((cycle) => cycle);
};

/** Every rule that the workspace breaks, a line each; empty where all is well. */
export const boundaryViolations = ({ projects, edges, toolchain }: Workspace): string[] => {
  const byName = new Map(projects.map((project) => [project.name, project]));
  const internal = new Set(byName.keys());
  const known = edges.filter(({ source, target }) => internal.has(source) && internal.has(target));
  const built = known.filter(({ source, target }) => !onlyTestsUse(byName.get(source)!, target));
  const cycle = cycleIn(built);

  // Where the graph does not see an import that stands in a source file, it is the graph that is wrong.
  const vanished = projects.flatMap((project) =>
    [...importedBy(project, { tests: false })]
      .filter((name) => internal.has(name))
      .filter((name) => !known.some(({ source, target }) => source === project.name && target === name))
      .map(
        (name) =>
          `nx graph does not show that ${project.name} imports ${name}: its answers cannot be trusted`,
      ),
  );
  return [
    ...(known.length === 0 ? ['nx graph shows no dependency at all: its answers cannot be trusted'] : []),
    ...vanished,
    ...projects.flatMap(tagViolations),
    ...built.flatMap(({ source, target }) => layerViolations(byName.get(source)!, byName.get(target)!)),
    ...(cycle ? [`packages depend on each other in a circle: ${cycle.join(' -> ')}`] : []),
    ...projects.flatMap((project) => importViolations(project, internal)),
    ...projects.flatMap((project) => inStepViolations(project, internal, new Set(toolchain))),
  ];
};
