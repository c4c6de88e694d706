// The one door behind `npm start`, `stack`, `hearth`, `test` and `bench`. It runs on bare Node 20 before anything is
// installed, so it imports nothing but Node's own modules. Everything it says goes to stderr: stdout is the target's.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const modules = join(root, 'node_modules');
/**
 * The young generation holds what a burst of requests needs at once: a collection then finds little that is alive. Nothing is
 * made in the old one: what lives long while a process starts would decide that for good, for each request after it
 * (decision 21). Helpers of the collector, of which there are four otherwise, leave a core to the thread that they help.
 */
const helpers = Math.min(4, Math.max(1, availableParallelism() - 1));
const nodeFlags = [
  '--enable-source-maps',
  '--max-semi-space-size=32',
  '--no-allocation-site-pretenuring',
  `--v8-pool-size=${helpers}`,
];

const packagedNode = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
const [target, ...args] = process.argv.slice(2);

const say = (text) => process.stderr.write(`hearth: ${text}\n`);
const fail = (text, code = 1) => {
  say(text);
  process.exit(code);
};

/** What nx, npm and others would otherwise ask or send. */
const quiet = {
  CI: process.env.CI ?? 'true',
  NX_DAEMON: 'false',
  NX_NO_CLOUD: 'true',
  NX_TUI: 'false',
  NX_INTERACTIVE: 'false',
};

const environment = {
  ...process.env,
  PATH: [join(modules, '.bin'), process.env.PATH].join(delimiter),
  // Starting is mostly compiling what was compiled the last time.
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(modules, '.cache', 'compiled'),
};

/** The process that signals are for. Without one they end this process as usual. */
let current;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => (current ? current.kill(signal) : process.exit(128 + constants.signals[signal])));

/** Runs a command to its end, passing signals on. Answers its exit code as a shell would give it. */
const execute = (command, parameters, options) =>
  new Promise((resolve) => {
    current = spawn(command, parameters, options);
    current.once('error', (error) => fail(`cannot run ${command}: ${error.message}`));
    current.once('exit', (code, signal) => {
      current = undefined;
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });

/** Runs one of the project's tools on the packaged Node. Its output goes to stderr, except where it is all there is. */
const step = (script, parameters, extra = {}) =>
  execute(packagedNode, [script, ...parameters], {
    cwd: root,
    stdio: ['ignore', target === 'test' ? 'inherit' : 2, 'inherit'],
    env: { ...environment, ...extra },
  });

// ---- install

const lockFile = join(root, 'package-lock.json');
const stampFile = join(modules, '.hearth-installed');

/** True where what npm says it installed is what the lock file asks for, give or take other platforms' packages. */
const installedAsLocked = (lock) => {
  try {
    const wanted = JSON.parse(lock).packages;
    const found = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8')).packages;
    return Object.entries(wanted).every(
      ([path, { version, integrity, optional }]) =>
        path === '' ||
        (found[path] === undefined
          ? optional === true
          : found[path].version === version && found[path].integrity === integrity),
    );
  } catch {
    return false;
  }
};

const install = async () => {
  const lock = readFileSync(lockFile, 'utf8');
  const stamp = createHash('sha256').update(lock).digest('hex');
  const usable = existsSync(packagedNode);
  if (usable && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  if (!usable || !installedAsLocked(lock)) {
    say('installing packages with `npm ci` (about a minute; only now and after an update) …');
    // npm clears node_modules as it starts, so neither it nor its Node may come from there.
    const path = (process.env.PATH ?? '').split(delimiter).filter((entry) => !entry.startsWith(modules));
    const code = await execute('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      stdio: ['ignore', 2, 'inherit'],
      env: { ...process.env, PATH: path.join(delimiter) },
      shell: process.platform === 'win32',
    });
    if (code !== 0)
      fail(
        '`npm ci` failed. Its output is above. This step needs the npm registry once: on a machine that is offline, ' +
          'connect it, or copy node_modules from a checkout of the same commit and platform.',
        code,
      );
    if (!existsSync(packagedNode))
      fail(
        'the `node` package came without its binary, because install scripts are switched off. ' +
          'Allow this one: `npm rebuild node --ignore-scripts=false`.',
      );
  }
  writeFileSync(stampFile, stamp);
};

// ---- build

const tsc = join(modules, 'typescript', 'bin', 'tsc');
/** tsc -b looks at time stamps and hashes only, unless something changed: well under a tenth of a second. */
const build = (projects = ['.']) => step(tsc, ['-b', ...projects]);

// ---- run

/**
 * Runs the target until it ends; its exit code becomes ours. A `watched` one also gets a channel whose end tells it that
 * we are gone, however we went.
 */
const run = async (script, parameters, { watched = false } = {}) => {
  if (watched && process.env.npm_lifecycle_event !== undefined) {
    // npm passes signals on, but nobody can pass on SIGKILL: a new parent means that npm is gone.
    const parent = process.ppid;
    setInterval(() => process.ppid !== parent && current?.kill('SIGTERM'), 1000).unref();
  }
  const code = await execute(packagedNode, [...nodeFlags, script, ...parameters], {
    stdio: ['inherit', 'inherit', 'inherit', ...(watched ? ['ipc'] : [])],
    env: environment,
  });
  process.exit(code);
};

const stackApps = [
  'apps/stack',
  'apps/gateway',
  'apps/ingestion',
  'apps/profile-projection',
  'apps/eventstore',
];
const everyApp = ['apps/embedded', 'apps/hearth', ...stackApps];

const tool = (...path) => join(modules, ...path);

const testSteps = [
  { name: 'nats-server', work: () => step(join(root, 'tools', 'nats-server.mjs'), []) },
  { name: 'build', work: () => build(everyApp) },
  // The root's tsconfig.json adds what is never built: specs and tools.
  { name: 'types of specs and tools', check: true, work: () => build() },
  {
    name: 'lint',
    check: true,
    work: () => step(tool('oxlint', 'bin', 'oxlint'), ['--type-aware', '--deny-warnings']),
  },
  {
    name: 'format',
    check: true,
    work: () => step(tool('prettier', 'bin', 'prettier.cjs'), ['--check', '--log-level=warn', '.']),
  },
  {
    name: 'boundaries',
    check: true,
    work: () => step(join(root, 'tools', 'check-boundaries.ts'), [], quiet),
  },
  { name: 'tests', work: () => step(tool('vitest', 'vitest.mjs'), ['run', ...args]) },
];

/** The whole pipeline; with arguments only what the tests need, and of the tests only those that vitest finds by them. */
const test = async () => {
  const filtered = args.length > 0;
  if (filtered) say('arguments given: only the tests they name, without lint and the other checks');
  for (const { name, work, check } of testSteps) {
    if (check && filtered) continue;
    say(`${name} …`);
    const began = performance.now();
    const code = await work();
    const took = `${((performance.now() - began) / 1000).toFixed(1)} s`;
    if (code !== 0) fail(`${name} failed after ${took}`, code);
    say(`${name} passed in ${took}`);
  }
};

const app = (name) => join(root, 'apps', name, 'dist', 'main.js');

const targets = {
  start: { builds: ['apps/embedded'], go: () => run(app('embedded'), args, { watched: true }) },
  stack: {
    builds: stackApps,
    go: () => run(app('stack'), args, { watched: true }),
  },
  hearth: { builds: ['apps/hearth'], go: () => run(app('hearth'), args) },
  bench: { builds: everyApp, go: () => run(join(root, 'tools', 'bench', 'main.ts'), args) },
  test: { go: test },
};

const chosen = Object.hasOwn(targets, target ?? '') ? targets[target] : undefined;
if (!chosen) fail(`usage: node tools/run.mjs ${Object.keys(targets).join('|')} [arguments]`, 2);

await install();
if (chosen.builds) {
  const code = await build(chosen.builds);
  if (code !== 0) fail('the build failed; nothing was started', code);
}
await chosen.go();
