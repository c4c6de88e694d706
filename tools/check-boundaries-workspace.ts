import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import type { Edge, Import, Project, Workspace } from './check-boundaries-rules.ts';

interface PackageJson {
  readonly name: string;
  readonly nx?: { readonly tags?: readonly string[] };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

interface TsConfig {
  readonly references?: readonly { readonly path: string }[];
}

interface Graph {
  readonly graph: { readonly dependencies: Readonly<Record<string, readonly Edge[]>> };
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

/** The specifiers of static imports, re-exports and dynamic imports of a source text. */
export const specifiersIn = (source: string): string[] => {
  const code = source.replaceAll(/^\s*(?:\/\/|\*|\/\*).*$/gm, '');
  const patterns = [
    /^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/gm,
    /^\s*import\s*['"]([^'"]+)['"]/gm,
    /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g,
  ];
  return patterns.flatMap((pattern) => [...code.matchAll(pattern)].map(([, specifier]) => specifier!));
};

const isTest = (file: string): boolean => /\.(?:spec|contract)\.ts$|\/src\/testing\//.test(file);

const importsOf = (root: string, folder: string): Import[] =>
  globSync('src/**/*.ts', { cwd: join(root, folder) })
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
    .flatMap((file) =>
      specifiersIn(readFileSync(join(root, file), 'utf8')).map((specifier) => ({
        file,
        specifier,
        test: isTest(file),
      })),
    );

/** Packages that hold tests alone have no tsconfig.json: nothing of them is built. */
const tsConfigOf = (folder: string): TsConfig | undefined => {
  const file = join(folder, 'tsconfig.json');
  return existsSync(file) ? (readJson(file) as TsConfig) : undefined;
};

const nameAt = (folder: string): string => (readJson(join(folder, 'package.json')) as PackageJson).name;

const projectAt = (root: string, folder: string): Project => {
  const { name, nx, dependencies = {} } = readJson(join(root, folder, 'package.json')) as PackageJson;
  const config = tsConfigOf(join(root, folder));
  return {
    name,
    root: folder,
    tags: nx?.tags ?? [],
    dependencies: Object.keys(dependencies),
    built: config !== undefined,
    references: (config?.references ?? []).map(({ path }) => nameAt(resolve(root, folder, path))),
    imports: importsOf(root, folder),
  };
};

/** What nx makes of the workspace. It runs without its daemon and its cloud, and asks nothing. */
const nxEdges = (root: string): Edge[] => {
  const room = mkdtempSync(join(tmpdir(), 'hearth-graph-'));
  try {
    const file = join(room, 'graph.json');
    const quiet = {
      CI: 'true',
      NX_DAEMON: 'false',
      NX_NO_CLOUD: 'true',
      NX_TUI: 'false',
      NX_INTERACTIVE: 'false',
    };
    execFileSync(
      process.execPath,
      [join(root, 'node_modules/nx/dist/bin/nx.js'), 'graph', `--file=${file}`],
      {
        cwd: root,
        env: { ...process.env, ...quiet },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    return Object.values((readJson(file) as Graph).graph.dependencies).flat();
  } finally {
    rmSync(room, { recursive: true, force: true });
  }
};

const foldersOf = (root: string): string[] =>
  globSync(['libs/*/package.json', 'apps/*/package.json'], { cwd: root })
    .map((path) => path.replaceAll('\\', '/').replace(/\/package\.json$/, ''))
    .toSorted();

/** Packages that the root's tsconfig.json does not build. */
export const unbuilt = (root: string): string[] => {
  const { references = [] } = readJson(join(root, 'tsconfig.json')) as TsConfig;
  const built = new Set(
    references.map(({ path }) => relative(root, resolve(root, path)).replaceAll('\\', '/')),
  );
  return foldersOf(root).filter((folder) => tsConfigOf(join(root, folder)) && !built.has(folder));
};

/** Reads every package below `libs` and `apps`, and nx's graph. */
export const readWorkspace = (root: string): Workspace => ({
  projects: foldersOf(root).map((folder) => projectAt(root, folder)),
  edges: nxEdges(root),
  toolchain: Object.keys((readJson(join(root, 'package.json')) as PackageJson).devDependencies ?? {}),
});
