import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createResources, type Resources } from './resources.ts';

let resources: Resources;
afterEach(() => resources.release());

const node = (script: string) => ({ title: 'a program', command: process.execPath, args: ['-e', script] });

describe('resources', () => {
  it('leaves neither programs nor folders behind', async () => {
    resources = createResources();
    const folder = resources.folder();
    writeFileSync(join(folder, 'file'), 'content');
    const program = resources.start(node('setInterval(() => {}, 1000)'));
    await resources.release();
    await resources.release();
    expect(program.hasEnded).toBe(true);
    expect(existsSync(folder)).toBe(false);
  });

  it('stops the newest program first', async () => {
    resources = createResources();
    const ended: string[] = [];
    for (const title of ['database', 'server', 'client']) {
      const program = resources.start({ ...node('setInterval(() => {}, 1000)'), title });
      void program.ended.then(() => ended.push(title));
    }
    await resources.release();
    expect(ended).toEqual(['client', 'server', 'database']);
  });

  it('keeps the end of what a program said', async () => {
    resources = createResources();
    const program = resources.start(node('console.log("hello"); process.exitCode = 3'));
    await program.ended;
    expect(program.child.exitCode).toBe(3);
    expect(program.output()).toBe('hello');
  });

  it('tells of a program that cannot be run', async () => {
    resources = createResources();
    const program = resources.start({ title: 'nothing', command: '/no/such/program', args: [] });
    await program.ended;
    expect(program.output()).toContain('ENOENT');
  });

  it('starts nothing once it is being released', async () => {
    resources = createResources();
    await resources.release();
    expect(() => resources.start(node(''))).toThrow(/stopping/);
  });
});
