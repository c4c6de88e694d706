import type { NewEvent } from '../index.ts';
import { someEvent } from './sample-events.ts';

/** An event whose append counts exactly `bytes`. */
export const eventOf = (bytes: number): NewEvent => {
  const empty = someEvent({ text: '' });
  return { ...empty, data: { text: 'x'.repeat(bytes - JSON.stringify([empty]).length) } };
};
