import { describe, expect, it } from 'vitest';
import { positionAt, type LogNews } from '@hearth/eventing';
import { someEvent } from '@hearth/eventing/testing';
import type { Committed } from './group-commit.ts';
import { logNews } from './log-news.ts';
import { openStore, temporaryFile } from './testing/fixture.ts';

const STORE = '0123abcd';

/** What one commit with the event at this position led to. */
const committedAt = (position: number): Committed => {
  const { id, type, data, metadata } = someEvent();
  const event = { id, type, data: JSON.stringify(data), metadata: JSON.stringify(metadata) };
  return {
    before: position - 1,
    head: position,
    appends: [{ stream: `user-${position}`, events: [event], expectedRevision: 'no_stream' }],
    outcomes: [{ revision: 0, offset: position, isNew: true }],
  };
};
const heard = (all: readonly LogNews[]): readonly string[] =>
  all.map((news) => (typeof news === 'string' ? news : news.position.slice(-1)));

describe('news of commits', () => {
  it('is the head at once and the events when they are told, in order', () => {
    const news = logNews(STORE);
    const heads: string[] = [];
    const told: LogNews[] = [];
    news.onHead((head) => heads.push(head));
    news.listen((item) => told.push(item));
    news.committed(committedAt(1));
    news.committed(committedAt(2));
    expect(heads).toEqual([positionAt(STORE, 1), positionAt(STORE, 2)]);
    expect(told).toEqual([]);
    news.tellEvents();
    news.tellEvents();
    expect(heard(told)).toEqual(['1', '2']);
  });

  it('comes before an erasure that was made later', () => {
    const news = logNews(STORE);
    const told: LogNews[] = [];
    news.listen((item) => told.push(item));
    news.committed(committedAt(1));
    news.rewritten();
    expect(heard(told)).toEqual(['1', 'rewritten']);
  });

  it('is not told to who listens only since', () => {
    const news = logNews(STORE);
    const [early, late]: [LogNews[], LogNews[]] = [[], []];
    news.listen((item) => early.push(item));
    news.committed(committedAt(1));
    news.listen((item) => late.push(item));
    news.committed(committedAt(2));
    news.tellEvents();
    expect([heard(early), heard(late)]).toEqual([['1', '2'], ['2']]);
  });
});

it('subscribers get the event of an append, though nothing else is appended', async () => {
  const store = await openStore({ file: await temporaryFile() });
  const runs = store.subscribe()[Symbol.asyncIterator]();
  await runs.next();
  await store.append('user-1', [someEvent()], { expectedRevision: 'no_stream' });
  expect((await runs.next()).value).toMatchObject({ events: [{ stream: 'user-1' }] });
  await runs.return?.();
});
