import { coalesce, type Coalesced, type Messaging } from '@hearth/messaging';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gate, PATIENT, type MessagingFixture, type OpenMessaging } from './fixture.ts';

type Item = { readonly n: number; readonly text?: string };

/** What `coalesce` promises on any adapter. */
export const coalesceContract = (name: string, open: OpenMessaging): void => {
  describe(`coalesced calls over ${name}`, () => {
    let wire: MessagingFixture;
    let asking: Messaging;
    let serving: Messaging;
    let ask: Coalesced;
    let messages: number[];

    const begin = async (maxPayloadBytes?: number) => {
      wire = await open(maxPayloadBytes === undefined ? {} : { maxPayloadBytes });
      asking = await wire.connect();
      serving = await wire.connect();
      ask = coalesce(asking, { maxItems: 10 });
      messages = [];
    };
    const end = async () => {
      await Promise.all([asking.close(), serving.close()]);
      await wire.close();
    };
    const serve = async (answer: (item: Item) => unknown, subject = 'list.of') => {
      serving.respond(subject, async (payload) => {
        const items = payload as readonly Item[];
        messages.push(items.length);
        return Promise.all(items.map(answer));
      });
      await serving.flush();
    };
    const codes = (results: readonly PromiseSettledResult<unknown>[]) =>
      results.map((result) =>
        result.status === 'fulfilled' ? result.value : (result.reason as { code: string }).code,
      );

    beforeEach(() => begin());
    afterEach(end);

    it('travel as one message a turn and subject, each with its own answer', async () => {
      await serve(({ n }) => n * 2);
      await serve(({ n }) => -n, 'other.list');
      const answers = await Promise.all([
        ...[1, 2, 3].map((n) => ask('list.of', { n }, PATIENT)),
        ask('other.list', { n: 4 }, PATIENT),
      ]);
      expect(answers).toEqual([2, 4, 6, -4]);
      expect(messages.toSorted((a, b) => a - b)).toEqual([1, 3]);
    });

    it('are split by count', async () => {
      await serve(({ n }) => n);
      const answers = await Promise.all(Array.from({ length: 25 }, (_, n) => ask('list.of', { n }, PATIENT)));
      expect(answers).toEqual(Array.from({ length: 25 }, (_, n) => n));
      expect(messages.toSorted((a, b) => a - b)).toEqual([5, 10, 10]);
    });

    it('fail item by item, with the code each was answered with', async () => {
      await serve(({ n }) => (n === 1 ? { error: { code: 'behind', message: 'not yet' } } : { n }));
      const results = await Promise.allSettled([0, 1, 2].map((n) => ask('list.of', { n }, PATIENT)));
      expect(codes(results)).toEqual([{ n: 0 }, 'behind', { n: 2 }]);
    });

    it('end each with its own timeout and cancellation', async () => {
      const held = gate();
      await serve(async ({ n }) => (await held.promise, n));
      const controller = new AbortController();
      const patient = ask('list.of', { n: 1 }, PATIENT);
      const hasty = ask('list.of', { n: 2 }, { timeoutMs: 15 });
      const cancelled = ask('list.of', { n: 3 }, { ...PATIENT, signal: controller.signal });
      const early = ask('list.of', { n: 4 }, { ...PATIENT, signal: AbortSignal.abort() });
      controller.abort();
      expect(codes(await Promise.allSettled([hasty, cancelled, early]))).toEqual([
        'timeout',
        'cancelled',
        'cancelled',
      ]);
      held.resolve();
      expect(await patient).toBe(1);
    });

    it('fail together where the message itself does, or the answer is no list of as many', async () => {
      const nobody = await Promise.allSettled([1, 2].map((n) => ask('nobody.here', { n }, PATIENT)));
      expect(codes(nobody)).toEqual(['no_responders', 'no_responders']);
      serving.respond('bad.list', () => [1]);
      await serving.flush();
      const bad = await Promise.allSettled([1, 2].map((n) => ask('bad.list', { n }, PATIENT)));
      expect(codes(bad)).toEqual(['internal', 'internal']);
    });

    it('keep an item that is no JSON value to its own caller', async () => {
      await end();
      await begin(8_192);
      await serve(({ n }) => n);
      const results = await Promise.allSettled([
        ask('list.of', { n: 1 }, PATIENT),
        ask('list.of', { n: 1n }, PATIENT),
        ask('list.of', { n: 3 }, PATIENT),
      ]);
      expect(codes(results)).toEqual([1, 'invalid_payload', 3]);
    });

    it('respect the size of a message, and an item larger than one fails alone', async () => {
      await end();
      await begin(8_192);
      await serve(({ n, text }) => [n, text?.length]);
      const text = 'ä'.repeat(1_500);
      const results = await Promise.allSettled(
        [1, 2, 3, 4, 5].map((n) => ask('list.of', { n, text: n === 3 ? text.repeat(9) : text }, PATIENT)),
      );
      expect(codes(results)).toEqual([[1, 1_500], [2, 1_500], 'too_large', [4, 1_500], [5, 1_500]]);
      expect(messages.toSorted((a, b) => a - b)).toEqual([2, 2]);
    });

    it('ask again in smaller lists where the answers do not fit together', async () => {
      await end();
      await begin(8_192);
      await serve(({ n }) => (n === 5 ? 'x'.repeat(20_000) : `${n}`.repeat(2_000)));
      const results = await Promise.allSettled([1, 2, 3, 4, 5, 6].map((n) => ask('list.of', { n }, PATIENT)));
      expect(codes(results)).toEqual(
        [1, 2, 3, 4, 5, 6].map((n) => (n === 5 ? 'reply_too_large' : `${n}`.repeat(2_000))),
      );
    });
  });
};
