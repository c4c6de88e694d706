import { PROFILE_OWNERS_PRESENT, PROFILE_OWNERS_WANTED, type ProfileOwnerPresence } from '@hearth/contracts';
import { inProcessBus } from '@hearth/messaging';
import { describe, expect, it } from 'vitest';
import { announcePresence } from './presence.ts';

const heardBy = async () => {
  const bus = inProcessBus();
  const [listener, owner] = [bus.connect(), bus.connect()];
  const heard: ProfileOwnerPresence[] = [];
  listener.subscribe(PROFILE_OWNERS_PRESENT, (payload) => void heard.push(payload as ProfileOwnerPresence));
  let serving = true;
  const presence = announcePresence({
    messaging: owner,
    owner: 'o1',
    partitions: '00-7f',
    isServing: () => serving,
  });
  await listener.flush();
  return {
    heard,
    listener,
    presence,
    failing: () => {
      serving = false;
      presence.announce();
    },
  };
};
const said = (serving: boolean): ProfileOwnerPresence => ({ owner: 'o1', partitions: '00-7f', serving });

describe('the presence of an owner', () => {
  it('is told at once and whenever it is wanted', async () => {
    const { heard, listener, presence } = await heardBy();
    expect(heard).toEqual([said(true)]);
    listener.publish(PROFILE_OWNERS_WANTED, {});
    await expect.poll(() => heard).toEqual([said(true), said(true)]);
    await presence.stop();
  });

  it('tells of a change, and as its last word that it serves no more', async () => {
    const { heard, listener, presence, failing } = await heardBy();
    failing();
    await presence.stop();
    listener.publish(PROFILE_OWNERS_WANTED, {});
    await listener.flush();
    expect(heard).toEqual([said(true), said(false), said(false)]);
  });

  it('is told again without being asked', async () => {
    const { heard, presence } = await heardBy();
    await expect.poll(() => heard.length, { timeout: 5_000 }).toBeGreaterThan(2);
    await presence.stop();
  });
});
