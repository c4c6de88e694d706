import { setTimeout as sleep } from 'node:timers/promises';
import { API_KEY } from '../processes/load-process.ts';

const DEADLINE_MS = 600_000;
const body = JSON.stringify({ attributes: [{ email: 'settled@example.com', looks: { inc: 1 } }] });

/**
 * Waits until everything that Hearth has answered so far stands in profiles, and answers how many milliseconds that took.
 * A write that names its user by email asks who carries it now, and that question is answered from the whole log only.
 */
export const profilesSettled = async (url: string): Promise<number> => {
  const began = performance.now();
  for (;;) {
    const answer = await fetch(`${url}/users/track/sync`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${API_KEY}` },
      body,
    });
    const text = await answer.text();
    if (answer.status === 201) return performance.now() - began;
    if (answer.status < 500 || performance.now() - began > DEADLINE_MS)
      throw new Error(`profiles of ${url} did not settle: ${answer.status} ${text}`);
    await sleep(100);
  }
};
