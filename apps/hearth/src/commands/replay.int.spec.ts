import { describe, expect, it } from 'vitest';

import { event, hearth, minute, newDeployment, type Deployment } from '../testing/deployment.ts';

const lines = (text: string): readonly Record<string, unknown>[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

const withAda = async (): Promise<Deployment & { readonly ada: string }> => {
  const deployment = await newDeployment();
  const ada = await deployment.create({ kind: 'external_id', value: 'ada' }, 1);
  await deployment.add(
    ada,
    event('AttributesUpdated', { fields: { email: 'ada@example.com' }, custom: { plan: 'free' } }, 2),
    event('CustomEventRecorded', { name: 'login', time: minute(3) }, 3),
    event('AttributesUpdated', { custom: { plan: 'pro', visits: { inc: 2 } } }, 4),
  );
  return { ...deployment, ada };
};

describe('replay', () => {
  it('prints every event, who asked for it and what it changed, then the profile', async () => {
    const { folder, ada } = await withAda();
    const { code, out, err } = await hearth(folder, ['replay', '--user', 'external_id:ada']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(`revision 0  ${minute(1)}  UserCreated  request request-1\n`);
    expect(out).toContain('    + external_id "ada"\n');
    expect(out).toContain('    ~ custom event login: 0 times -> once\n');
    expect(out).toContain('    ~ custom attribute plan: "free" -> "pro"\n');
    expect(out).toContain(`profile of ${ada} after revision 3, its last:\n`);
  });

  it('prints one JSON object a line', async () => {
    const { folder, ada } = await withAda();
    const { out } = await hearth(folder, ['replay', '--user', `braze_id:${ada}`, '--json']);
    const all = lines(out);
    expect(all).toHaveLength(5);
    expect(all[2]).toMatchObject({
      event: {
        revision: 2,
        received_at: minute(3),
        type: 'CustomEventRecorded',
        correlation_id: 'request-3',
      },
      changes: [{ kind: 'custom_event', name: 'login', to: { count: 1 } }],
    });
    expect(all[4]).toMatchObject({
      braze_id: ada,
      revision: 3,
      last_revision: 3,
      profile: { status: 'active', custom_attributes: { plan: 'pro', visits: 2 } },
    });
  });

  it.each([
    ['1', 1],
    [minute(2), 1],
    [minute(2).replace(':02:', ':03:').replace('000Z', '999Z').replace(':00.999', ':59.999'), 2],
    ['2026-11-22', -1],
    ['99', 3],
  ])('stops at %s', async (until, revision) => {
    const { folder } = await withAda();
    const { out } = await hearth(folder, ['replay', '--user', 'external_id:ada', '--json', '--until', until]);
    expect(lines(out).at(-1)).toMatchObject({ revision, last_revision: 3 });
    expect(lines(out)).toHaveLength(revision + 2);
  });

  it('finds a user by alias, and by an email or phone in the whole log', async () => {
    const deployment = await withAda();
    const { folder, ada } = deployment;
    const alias = { alias_label: 'crm', alias_name: '42:x' };
    const bob = await deployment.create({ kind: 'user_alias', value: alias });
    const eve = await deployment.create({ kind: 'email', value: 'eve@example.com' });
    await deployment.add(bob, event('AttributesUpdated', { fields: { phone: '+49301234567' } }));
    // Somebody who had the email once does not have it any more.
    await deployment.add(eve, event('AttributesUpdated', { fields: { email: 'ada@example.com' } }));
    await deployment.add(eve, event('AttributesUpdated', { fields: { email: 'eve@example.org' } }));
    const found = async (user: string) => {
      const { out, err, code } = await hearth(folder, ['replay', '--json', '--user', user]);
      expect(code).toBe(0);
      return { brazeId: lines(out).at(-1)!.braze_id, err };
    };
    expect(await found('user_alias:crm:42:x')).toEqual({ brazeId: bob, err: '' });
    const note = expect.stringContaining('the whole log is read');
    expect(await found('email:Ada@example.com')).toEqual({ brazeId: ada, err: note });
    expect(await found('email:eve@example.org')).toEqual({ brazeId: eve, err: note });
    expect(await found('phone:+49 30 1234567')).toEqual({ brazeId: bob, err: note });
  });

  it('asks to choose where several users have the email', async () => {
    const deployment = await withAda();
    const { ada, folder } = deployment;
    const eve = await deployment.create({ kind: 'external_id', value: 'eve' });
    await deployment.add(eve, event('AttributesUpdated', { fields: { email: 'ada@example.com' } }));
    const { code, err } = await hearth(folder, ['replay', '--user', 'email:ada@example.com']);
    expect(code).toBe(1);
    expect(err).toContain('2 users have email:ada@example.com');
    for (const brazeId of [ada, eve]) expect(err).toContain(`braze_id:${brazeId}`);
  });

  it('says of a deleted user what is left', async () => {
    const { folder, store, ada, add } = await withAda();
    await add(ada, event('UserDeleted', {}, 5));
    await store.eraseBefore(`user_${ada.slice(0, 2)}-${ada}`, 4);
    const { code, out, err } = await hearth(folder, ['replay', '--user', `braze_id:${ada}`, '--json']);
    expect(code).toBe(0);
    expect(err).toContain('the events before revision 4 were erased');
    expect(lines(out).at(-1)).toMatchObject({ profile: { status: 'deleted' }, revision: 4 });
  });

  it.each([
    ['external_id:nobody', 'no user is known by external_id:nobody'],
    ['user_alias:crm:1', 'no user is known by user_alias:crm:1'],
    ['email:nobody@example.com', 'no user is known by email:nobody@example.com'],
    ['braze_id:0123456789abcdef01234567', 'no user is known by braze_id:0123456789abcdef01234567'],
  ])('says that nobody is %s', async (user, message) => {
    const { folder } = await withAda();
    const { code, out, err } = await hearth(folder, ['replay', '--user', user]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(message);
  });

  it('asks for the secret that the log was written under', async () => {
    const { folder, ada } = await withAda();
    const args = ['replay', '--user', 'external_id:ada'];
    expect((await hearth(folder, args, { secret: null })).err).toContain('none is set: set HEARTH_SECRET');
    expect((await hearth(folder, args, { secret: 'x'.repeat(40) })).err).toMatch(
      /fingerprint [0-9a-f]{16}, and the one set/,
    );
    expect((await hearth(folder, ['replay', '--user', `braze_id:${ada}`], { secret: null })).code).toBe(0);
  });
});
