import { describe, expect, it } from 'vitest';

import { KEY, openLog, startInstance } from '@hearth/rest-api/testing';
import { hearth, newFolder } from '../testing/deployment.ts';

/** A running server, and the command that calls it. */
const start = async () => {
  const instance = await startInstance({ store: await openLog() });
  const url = await instance.http.listen({ host: '127.0.0.1', port: 0 });
  const run = (...args: string[]) =>
    hearth(newFolder(), ['api-keys', ...args, '--url', `${url}/`, '--api-key', KEY]);
  return { instance, url, run };
};

describe('hearth api-keys', () => {
  it('makes a key, lists it without showing it, and ends it', async () => {
    const { instance, run } = await start();
    const made = await run(
      'create',
      '--name',
      'Shop',
      '--permission',
      'users.track',
      '--allow',
      '127.0.0.1',
      '::1',
    );
    expect(made).toMatchObject({ code: 0, err: expect.stringContaining('only time') });
    const key = made.out.trim();
    expect(key).toMatch(/^[\w-]{43}$/);
    const call = async () => (await instance.post('/users/track', {}, { key })).statusCode;
    expect(await call()).toBe(201);

    const { out } = await run('list');
    expect(out).not.toContain(key);
    const keys = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string; name: string });
    expect(keys).toMatchObject([
      { id: 'configured' },
      { name: 'Shop', permissions: ['users.track'], ip_allowlist: ['127.0.0.1', '::1'] },
    ]);

    expect(await run('revoke', keys[1]!.id)).toMatchObject({ code: 0, out: '' });
    expect(await call()).toBe(401);
  });

  it.each([
    [['create', '--name', 'x', '--permission', 'users.trak'], '400: "users.trak" is no permission'],
    [['revoke', 'nobody'], '404: No API key has this id'],
  ])('says in one line what the server refused: %j', async (args, part) => {
    const { run } = await start();
    const { code, out, err } = await run(...args);
    expect(code).toBe(1);
    expect(err).toContain(part);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(out).toBe('');
  });

  it('says how to name another key where the server does not know it', async () => {
    const { url } = await start();
    const { code, err } = await hearth(newFolder(), ['api-keys', 'list', '--url', url, '--api-key', 'wrong']);
    expect(code).toBe(1);
    expect(err).toContain('401: Invalid API Key; --api-key or HEARTH_API_KEY');
  });
});
