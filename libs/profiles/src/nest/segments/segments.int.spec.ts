import { describe, expect, it } from 'vitest';
import { openSegmentRegistry } from '../../application/segments/segment-registry.ts';
import { startReading } from '../../testing/reading-service.ts';

const filter = { field: 'country', op: 'equals', value: 'DE' };
type Definition = { id: string; name: string };

const start = async () => {
  const service = await startReading({ partitions: ['00-ff'] });
  const create = async (name: string, more: object = {}): Promise<Definition> => {
    const { status, body } = await service.post('/hearth/segments/create', { name, filter, ...more });
    expect(status).toBe(201);
    return body['segment'] as Definition;
  };
  const listed = async (query = ''): Promise<string[]> => {
    const { body } = await service.get(`/segments/list${query}`);
    return (body['segments'] as Definition[]).map(({ name }) => name);
  };
  return { ...service, create, listed };
};

describe('segments', () => {
  it('are created, changed, archived, and read back', async () => {
    const { create, get, post, listed, store } = await start();
    const { id } = await create('Germans', { description: 'for the newsletter', tags: ['t'] });
    const position = await store.head();
    expect(await get(`/segments/list?min_position=${position}`)).toEqual({
      status: 200,
      body: {
        message: 'success',
        segments: [{ id, name: 'Germans', analytics_tracking_enabled: false, tags: ['t'] }],
      },
    });
    expect(
      (await post('/hearth/segments/update', { segment_id: id, name: 'People of Germany' })).status,
    ).toBe(200);
    const { body } = await get(`/segments/details?segment_id=${id}`);
    expect(body).toEqual({
      message: 'success',
      created_at: expect.any(String) as unknown,
      updated_at: expect.any(String) as unknown,
      name: 'People of Germany',
      description: 'country equals "DE"',
      text_description: 'for the newsletter',
      tags: ['t'],
      teams: [],
    });
    expect((await get(`/hearth/segments/get?segment_id=${id}`)).body).toMatchObject({
      segment: { id, filter },
    });
    for (let twice = 0; twice < 2; twice++)
      expect(await post('/hearth/segments/archive', { segment_id: id })).toMatchObject({
        status: 200,
        body: { segment: { archived: true } },
      });
    expect(await listed()).toEqual([]);
    expect((await get('/hearth/segments')).body['segments']).toHaveLength(1);
    expect(await post('/hearth/segments/update', { segment_id: id, name: 'x' })).toMatchObject({
      status: 400,
    });
  });

  it('are listed in pages of 100, the oldest first or last', async () => {
    const { create, listed } = await start();
    const names = Array.from({ length: 103 }, (_, n) => `segment ${n}`);
    for (const name of names) await create(name);
    expect(await listed()).toEqual(names.slice(0, 100));
    expect(await listed('?page=1')).toEqual(names.slice(100));
    expect(await listed('?page=1&sort_direction=desc')).toEqual(names.slice(0, 3).toReversed());
    expect(await listed('?page=2')).toEqual([]);
  });

  it.each<[string, string, string]>([
    ['/segments/list?page=-1', "'page' is not valid", 'a page below 0'],
    ['/segments/list?page=x', "'page' is not valid", 'a page that is no number'],
    ['/segments/list?sort_direction=up', "'sort_direction' is not valid", 'another direction'],
    ['/segments/details', "'segment_id' is required", 'no id'],
    ['/segments/details?segment_id=', "'segment_id' is required", 'an empty id'],
    ['/segments/details?segment_id=x&segment_id=y', "'segment_id' is not valid", 'two ids'],
    ['/segments/details?segment_id=x', "'segment_id' names no segment", 'an unknown id'],
    ['/segments/list?min_position=x', '"x" is not a position of a Hearth log', 'a position that is none'],
  ])('%s is a 400 that says %s', async (path, message) => {
    const { get } = await start();
    const { status, body } = await get(path);
    expect(status).toBe(400);
    expect(body).toEqual({ message });
  });

  it('are refused with a filter that is none, with the place and the reason', async () => {
    const { post } = await start();
    expect(await post('/hearth/segments/create', { name: 'x', filter: { and: [{ field: 'y' }] } })).toEqual({
      status: 400,
      body: { message: expect.stringMatching(/^filter\.and\[0\]\.field: has to be one of/) as unknown },
    });
    expect(await post('/hearth/segments/create', { name: '', filter })).toEqual({
      status: 400,
      body: { message: "'name' is required" },
    });
    expect(await post('/hearth/segments/create', { name: 'x', filter, tags: [''] })).toEqual({
      status: 400,
      body: { message: "'tags.0' is not valid" },
    });
  });

  it('are created once with an idempotency key, however often that is sent', async () => {
    const { post, get } = await startReading();
    const create = (key: string) =>
      post('/hearth/segments/create', { name: 'x', filter }, { 'idempotency-key': key });
    const [first, again, other] = [await create('k'), await create('k'), await create('l')];
    expect(first.status).toBe(201);
    expect(again).toEqual(first);
    expect(other.body).not.toEqual(first.body);
    expect((await get('/hearth/segments')).body['segments']).toHaveLength(2);
  });

  it('are the same for every instance', async () => {
    const service = await startReading();
    const { body } = await service.post('/hearth/segments/create', { name: 'x', filter });
    const { id } = body['segment'] as Definition;
    const other = await openSegmentRegistry({
      store: service.store,
      newId: () => crypto.randomUUID(),
      onFailure: () => undefined,
    });
    expect(other.get(id)).toMatchObject({ name: 'x', archived: false });
    await service.post('/hearth/segments/archive', { segment_id: id });
    await other.reach(await service.store.head());
    expect(other.get(id)).toMatchObject({ archived: true });
    await other.close();
  });
});
