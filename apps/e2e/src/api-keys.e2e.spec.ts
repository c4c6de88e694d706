import { describe, expect, it } from 'vitest';

import { post } from './testing/client.ts';
import { temporaryFolder } from './testing/data-folder.ts';
import { API_KEY, runHearth } from './testing/hearth-process.ts';
import { startStack } from './testing/stack-processes.ts';

describe('API keys in separate processes', () => {
  it('hold at every service, are bound to the caller behind the gateway, and end everywhere', async () => {
    const { hearth } = await startStack({ HEARTH_DATA_DIR: await temporaryFolder() });
    const create = async (body: object) => {
      const answer = await post(hearth.url, '/hearth/api_keys', { name: 'x', permissions: ['*'], ...body });
      expect(answer.status).toBe(201);
      return answer.body as unknown as { readonly id: string; readonly key: string };
    };
    const write = async (key: string, headers = {}): Promise<number> => {
      const { status } = await fetch(`${hearth.url}/users/track`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ attributes: [{ external_id: 'u', x: 1 }] }),
      });
      return status;
    };
    const read = async (key: string): Promise<number> => {
      const { status } = await fetch(`${hearth.url}/events/list`, {
        headers: { authorization: `Bearer ${key}` },
      });
      return status;
    };

    const here = await create({ ip_allowlist: ['127.0.0.0/8', '::1'] });
    const elsewhere = await create({ ip_allowlist: ['192.0.2.0/24'] });
    const writer = await create({ permissions: ['users.track'] });
    expect(await write(here.key)).toBe(201);
    expect(await write(elsewhere.key)).toBe(403);
    expect(await write(elsewhere.key, { 'x-forwarded-for': '192.0.2.1' })).toBe(403);
    await expect.poll(() => read(here.key)).toBe(200);
    await expect.poll(() => read(elsewhere.key)).toBe(403);
    expect(await write(writer.key)).toBe(201);
    await expect.poll(() => read(writer.key)).toBe(403);

    const revoked = await runHearth(
      ['api-keys', 'revoke', here.id, '--url', hearth.url, '--api-key', API_KEY],
      {},
    );
    expect(revoked).toMatchObject({ code: 0 });
    expect(await write(here.key)).toBe(401);
    await expect.poll(() => read(here.key)).toBe(401);
  }, 120_000);
});
