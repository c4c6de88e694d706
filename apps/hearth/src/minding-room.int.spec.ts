import { expect, it } from 'vitest';

import { mindingRoom } from './minding-room.ts';
import { event, newDeployment } from './testing/deployment.ts';

it('lets a batch through while there is room, and stores nothing of one when there is not', async () => {
  const { store, folder } = await newDeployment();
  let free = 64 * 1024 * 1024;
  const minding = mindingRoom(store, folder, async () => free);
  const item = (stream: string) => ({
    stream,
    events: [event('A', {})],
    expectedRevision: 'no_stream' as const,
  });
  expect(await minding.appendMany([item('a-1')])).toMatchObject([{ revision: 0 }]);
  free = 1_000_000;
  await expect(minding.appendMany([item('a-2')])).rejects.toThrow(
    `less than 32 MB are left on the disk of ${folder}`,
  );
  expect((await minding.readStream('a-2')).lastRevision).toBe(-1);
  expect(minding.availability).toBe('available');
});
