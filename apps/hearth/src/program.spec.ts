import { describe, expect, it } from 'vitest';

import { hearth } from './testing/deployment.ts';

const nowhere = '/nonexistent/hearth';

describe('the command line', () => {
  it.each([
    [['--help'], 'Usage: hearth'],
    [['replay', '--help'], '--until <time|revision>'],
    [['rebuild', 'profiles', '--help'], 'Exit code: 0'],
    [['log', '--help'], 'export'],
    [['log', 'export', '--help'], '--out <file>'],
    [['log', 'import', '--help'], '<file>'],
    [['help', 'replay'], '--user <identifier>'],
    [['api-keys', 'create', '--help'], '--permission <names...>'],
  ])('explains itself on standard output: %j', async (args, part) => {
    const { code, out, err } = await hearth(nowhere, args);
    expect(code).toBe(0);
    expect(out).toContain(part);
    expect(err).toBe('');
  });

  it.each([
    [[], 'Usage: hearth'],
    [['frobnicate'], "unknown command 'frobnicate'"],
    [['log'], 'Usage: hearth log'],
    [['log', 'exprot'], 'Did you mean export?'],
    [['log', 'export', 'file'], 'too many arguments'],
    [['log', 'export', '--put', 'x'], "unknown option '--put'"],
    [['log', 'import'], "missing required argument 'file'"],
    [['rebuild'], 'Usage: hearth rebuild'],
    [['rebuild', 'segments'], "unknown command 'segments'"],
    [['replay'], "required option '--user <identifier>' not specified"],
    [['replay', '--user'], 'argument missing'],
    [['api-keys'], 'Usage: hearth api-keys'],
    [['api-keys', 'create', '--name', 'x'], "required option '--permission <names...>' not specified"],
    [['api-keys', 'revoke'], "missing required argument 'id'"],
    [['replay', '--user', 'x'], 'names no user'],
    [['replay', '--user', 'external_id:x', '--until', 'noon'], 'neither a revision'],
  ])('shows its usage on standard error and ends with 2: %j', async (args, part) => {
    const { code, out, err } = await hearth(nowhere, args);
    expect(code).toBe(2);
    expect(err).toContain(part);
    expect(err).toContain('Usage: hearth');
    expect(out).toBe('');
  });

  it.each([
    [['log', 'export'], 'there is no log in /nonexistent/hearth'],
    [['replay', '--user', 'external_id:x'], 'there is no log in'],
    [['rebuild', 'profiles'], 'there is no log in'],
    [['log', 'import', '/nonexistent/file'], 'no such file'],
    [['api-keys', 'list'], 'HEARTH_API_KEY'],
    [
      ['api-keys', 'list', '--url', 'http://127.0.0.1:1', '--api-key', 'k'],
      'no answer from http://127.0.0.1:1',
    ],
  ])('says in one line why it cannot, and ends with 1: %j', async (args, part) => {
    const { code, out, err } = await hearth(nowhere, args);
    expect(code).toBe(1);
    expect(err).toContain(part);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(out).toBe('');
  });
});
