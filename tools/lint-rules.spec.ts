import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Files that break one rule each, and one that breaks none. A rule that is silently not in force fails here. */
const files: Record<string, readonly [source: string, rule: string | undefined]> = {
  'libs/a/src/floating.ts': [
    'const work = async () => {};\nexport const go = () => {\n  work();\n};\n',
    'typescript(no-floating-promises)',
  ],
  'libs/a/src/misused.ts': [
    'const ask = async () => true;\nexport const go = () => {\n  if (ask()) return 1;\n  return 2;\n};\n',
    'typescript(no-misused-promises)',
  ],
  'libs/a/src/not-an-error.ts': [
    "export const go = () => {\n  throw 'text';\n};\n",
    'typescript(only-throw-error)',
  ],
  'libs/a/src/any.ts': ['export const go = (value: any): unknown => value;\n', 'typescript(no-explicit-any)'],
  'libs/a/src/type-import.ts': [
    "import { Shape } from './shape.ts';\nexport const go = (shape: Shape): number => shape.sides;\n",
    'typescript(consistent-type-imports)',
  ],
  'libs/a/src/shape.ts': ['export interface Shape {\n  readonly sides: number;\n}\n', undefined],
  'libs/a/src/forgotten-case.ts': [
    "export const go = (kind: 'one' | 'two') => {\n  switch (kind) {\n    case 'one':\n      return 1;\n  }\n};\n",
    'typescript(switch-exhaustiveness-check)',
  ],
  'libs/a/src/cycle-one.ts': [
    "import { two } from './cycle-two.ts';\nexport const one = () => two();\n",
    'import(no-cycle)',
  ],
  'libs/a/src/cycle-two.ts': [
    "import { one } from './cycle-one.ts';\nexport const two = (): unknown => one();\n",
    'import(no-cycle)',
  ],
  'libs/a/src/environment.ts': ['export const port = process.env.PORT;\n', 'node(no-process-env)'],
  'libs/a/src/print.ts': ["export const go = () => console.log('x');\n", 'eslint(no-console)'],
  'libs/a/src/deep.ts': [
    "import { x } from '@hearth/users/dist/domain/user.js';\nexport const go = () => x;\n",
    'eslint(no-restricted-imports)',
  ],
  'libs/a/src/by-path.ts': [
    "import { x } from '../../../libs/users/src/index.ts';\nexport const go = () => x;\n",
    'eslint(no-restricted-imports)',
  ],
  'libs/a/src/domain/nest.ts': [
    "import { Injectable } from '@nestjs/common';\nexport const go = () => Injectable;\n",
    'eslint(no-restricted-imports)',
  ],
  'libs/a/src/domain/deep/node.ts': [
    "import { randomUUID } from 'node:crypto';\nexport const go = () => randomUUID();\n",
    'eslint(no-restricted-imports)',
  ],
  'libs/a/src/domain/kurrent.ts': [
    "import { jsonEvent } from '@kurrent/kurrentdb-client';\nexport const go = () => jsonEvent;\n",
    'eslint(no-restricted-imports)',
  ],
  'libs/a/src/domain/nats.ts': [
    "import { connect } from '@nats-io/transport-node';\nexport const go = () => connect;\n",
    'eslint(no-restricted-imports)',
  ],
  'libs/a/src/domain/outwards.ts': [
    "import { x } from '../application/x.ts';\nexport const go = () => x;\n",
    'eslint(no-restricted-imports)',
  ],
  'libs/a/src/application/nest.ts': [
    "import { Injectable } from '@nestjs/common';\nexport const go = () => Injectable;\n",
    'eslint(no-restricted-imports)',
  ],
  'libs/a/src/application/outwards.ts': [
    "import { x } from '../adapters/x.ts';\nexport const go = () => x;\n",
    'eslint(no-restricted-imports)',
  ],
  'libs/a/src/domain/pure.ts': ['export const go = (now: Date): string => now.toISOString();\n', undefined],
  'apps/a/src/config.ts': ['export const environment = process.env;\n', undefined],
};

let room: string;
const found = new Map<string, string[]>();

beforeAll(() => {
  room = mkdtempSync(join(tmpdir(), 'hearth-lint-'));
  copyFileSync(join(root, '.oxlintrc.json'), join(room, '.oxlintrc.json'));
  symlinkSync(join(root, 'node_modules'), join(room, 'node_modules'));
  const compilerOptions = {
    strict: true,
    module: 'nodenext',
    target: 'es2024',
    noEmit: true,
    types: ['node'],
  };
  writeFileSync(
    join(room, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { ...compilerOptions, allowImportingTsExtensions: true } }),
  );
  for (const [path, [source]] of Object.entries(files)) {
    mkdirSync(join(room, dirname(path)), { recursive: true });
    writeFileSync(join(room, path), source);
  }
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/oxlint/bin/oxlint'), '--type-aware', '-f', 'json', '.'],
    { cwd: room, encoding: 'utf8' },
  );
  if (!stdout.startsWith('{')) throw new Error(`oxlint said: ${stdout}${stderr}`);
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string; filename: string }[] };
  for (const { code, filename } of diagnostics) found.set(filename, [...(found.get(filename) ?? []), code]);
});
afterAll(() => rmSync(room, { recursive: true, force: true }));

describe('the lint rules', () => {
  it.each(Object.entries(files).map(([path, [, rule]]) => [path, rule] as const))(
    'judge %s: %s',
    (path, rule) => {
      if (rule === undefined) expect(found.get(path) ?? []).toEqual([]);
      else expect(found.get(path) ?? []).toContain(rule);
    },
  );
});
