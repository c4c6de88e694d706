import { describe, expect, it } from 'vitest';
import { customEventRecorded, purchaseRecorded } from '../../testing/profile-events.ts';
import { startReading } from '../../testing/reading-service.ts';
import { appendTo, created, userNumber } from '../../testing/user-log.ts';

describe('the list of names', () => {
  it('has pages of 250, sorted over the users of all owners', async () => {
    const { store, get } = await startReading();
    const names = Array.from({ length: 1_260 }, (_, n) => `event ${String(n).padStart(4, '0')}`);
    let position = '';
    for (let user = 0; user < 12; user++) {
      const own = names.filter((_, n) => n % 12 === user || n % 12 === (user + 1) % 12);
      const events = own.map((name) => customEventRecorded(name));
      ({ position } = await appendTo(store, userNumber(user), created(userNumber(user)), ...events));
    }
    const page = async (n: number): Promise<unknown> =>
      (await get(`/events/list?page=${n}&min_position=${position}`)).body;
    for (let n = 0; n < 6; n++)
      expect(await page(n)).toEqual({ message: 'success', events: names.slice(n * 250, (n + 1) * 250) });
    expect(await page(6)).toEqual({ message: 'success', events: [] });
    expect(await page(5_000)).toEqual({ message: 'success', events: [] });
  });

  it('has those of products by themselves, and none that nobody carries any more', async () => {
    const { store, get } = await startReading();
    const [alice, bob] = [userNumber(1), userNumber(2)];
    await appendTo(store, alice, created(alice), purchaseRecorded('b'), purchaseRecorded('a'));
    await appendTo(store, bob, created(bob), purchaseRecorded('c'));
    const { position } = await appendTo(store, bob, { type: 'UserDeleted', data: {} });
    const headers = { 'x-hearth-min-position': position };
    expect(await get('/purchases/product_list', headers)).toEqual({
      status: 200,
      body: { message: 'success', products: ['a', 'b'] },
    });
    expect((await get('/events/list', headers)).body).toEqual({ message: 'success', events: [] });
  });

  it('begins with the first page where the parameter is empty', async () => {
    const { get } = await startReading({ partitions: ['00-ff'] });
    expect(await get('/events/list?page=')).toEqual(await get('/events/list?page=0'));
  });

  it.each(['-1', 'x', '1.5', '99999999'])('has no page %s', async (page) => {
    const { get } = await startReading({ partitions: ['00-ff'] });
    expect(await get(`/events/list?page=${page}`)).toEqual({
      status: 400,
      body: { message: "'page' is not valid" },
    });
  });
});
