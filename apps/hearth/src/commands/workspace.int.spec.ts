import { API_KEY, startDeployment } from '@hearth/ingestion/testing';
import { describe, expect, it } from 'vitest';

import { hearth, newFolder } from '../testing/deployment.ts';

/** A running server, and the command that calls it. */
const start = async () => {
  const { http } = await (await startDeployment()).instance();
  const url = await http.listen({ host: '127.0.0.1', port: 0 });
  return (...args: string[]) =>
    hearth(newFolder(), ['workspace', ...args, '--url', url, '--api-key', API_KEY]);
};

describe('hearth workspace', () => {
  it('changes the settings of a workspace and shows them', async () => {
    const run = await start();
    expect(await run('block', 'attributes', 'x', 'y')).toMatchObject({ code: 0, out: 'x\ny\n' });
    expect(await run('unblock', 'attributes', 'x')).toMatchObject({ code: 0, out: 'y\n' });
    expect(await run('register-app', 'Till', '--id', 'till', '--platform', 'ios')).toMatchObject({
      code: 0,
      out: 'till\n',
    });
    const group = await run('create-group', 'Offers', '--channel', 'sms');
    expect(group.out).toMatch(/^[0-9a-f-]{36}\n$/);
    expect(await run('limit-list', 'wide', '100')).toMatchObject({ code: 0, out: '' });
    expect(await run('force-type', 'flag', 'boolean')).toMatchObject({ code: 0, out: '' });
    expect(JSON.parse((await run('show')).out)).toEqual({
      apps: [{ app_id: 'till', name: 'Till', platform: 'ios' }],
      subscription_groups: [{ id: group.out.trim(), name: 'Offers', channel: 'sms' }],
      blocklists: { attributes: ['y'], events: [], external_ids: [] },
      attribute_types: { flag: 'boolean' },
      list_limits: { wide: 100 },
    });
    await run('limit-list', 'wide', 'none');
    await run('force-type', 'flag', 'none');
    expect(JSON.parse((await run('show')).out)).toMatchObject({ attribute_types: {}, list_limits: {} });
  });

  it.each([
    [['limit-list', 'wide', '0'], 1, "the server answers 400: 'limit' is not valid"],
    [['block', 'events', ''], 1, 'is not an event'],
    [['force-type', 'flag', 'date'], 2, 'Allowed choices are'],
    [['limit-list', 'wide', 'many'], 2, 'a whole number'],
    [['create-group', 'News'], 2, '--channel'],
  ])('says why it refuses %j', async (args, exitCode, part) => {
    const run = await start();
    const { code, out, err } = await run(...args);
    expect({ code, out }).toEqual({ code: exitCode, out: '' });
    expect(err).toContain(part);
  });
});
