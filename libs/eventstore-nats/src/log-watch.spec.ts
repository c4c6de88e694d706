import { positionAt, type LogNews, type Position } from '@hearth/eventing';
import { inProcessMessaging } from '@hearth/messaging';
import { expect, it, onTestFinished } from 'vitest';

import { watchLog } from './log-watch.ts';
import { APPENDED } from './wire.ts';

const at = (offset: number): Position => positionAt('0123abcd', offset);

it('tells those whose streams have grown, and the others how far that was looked through', async () => {
  const messaging = inProcessMessaging();
  const windows: [Position, Position][] = [];
  let readable = true;
  const watch = watchLog({
    messaging,
    head: async () => at(0),
    streamsBetween: (after, upTo) => {
      windows.push([after, upTo]);
      if (!readable) throw new Error('the file cannot be read');
      return new Set(['user_00-1', 'user_00-2']);
    },
    pollMs: 60_000,
    announced: () => undefined,
  });
  onTestFinished(() => watch.stop());
  const heard: Record<'users' | 'keys', LogNews[]> = { users: [], keys: [] };
  watch.onNews(
    (news) => heard.users.push(news),
    (stream) => stream.startsWith('user_'),
  );
  watch.onNews(
    (news) => heard.keys.push(news),
    (stream) => stream.startsWith('apikey-'),
  );
  const announce = async (offset: number, times: number): Promise<void> => {
    messaging.publish(APPENDED, { head: at(offset) });
    await expect.poll(() => heard.keys).toHaveLength(times);
  };

  await announce(5, 1); // nobody knows what came before: all look for themselves
  await announce(9, 2);
  readable = false;
  await announce(12, 3);
  expect(heard).toEqual({
    users: ['grown', 'grown', 'grown'],
    keys: ['grown', { after: at(5), position: at(9), events: [], bytes: 0 }, 'grown'],
  });
  expect(windows).toEqual([
    [at(5), at(9)],
    [at(9), at(12)],
  ]);
});
