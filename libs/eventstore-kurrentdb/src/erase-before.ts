import { randomUUID } from 'node:crypto';
import { jsonEvent, type JSONType } from '@kurrent/kurrentdb-client';
import { WrongExpectedRevision } from '@hearth/eventing';
import { ERASED, type Erasures } from './erasures.ts';
import type { ExactAppends } from './exact-append.ts';
import type { Reading } from './reading.ts';
import { STORE_STREAM } from './reserved-stream.ts';
import { readLast } from './stream-slice.ts';

/** Repeats an append at the revision the stream was read at until no other writer came between. */
const appendAfterRead = async (attempt: () => Promise<void>): Promise<void> => {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof WrongExpectedRevision)) throw error;
    }
  }
};

/**
 * Erases the first events of a stream: notes it in the store's own stream, which hides them from the log, and then
 * tells the server to truncate; its next scavenge takes them off the disk. Stopped between the two, a repeat goes on.
 */
export const eraseBefore =
  (reading: Reading, appends: ExactAppends, erasures: Erasures) =>
  async (stream: string, revision: number): Promise<void> => {
    const before = Math.min(revision, await readLast(reading, stream));
    if (before <= 0) return;
    await note(stream, before);
    await truncate(stream, before);

    async function note(of: string, until: number): Promise<void> {
      await appendAfterRead(async () => {
        await erasures.refresh();
        if (erasures.before(of) >= until) return;
        const last = await readLast(reading, STORE_STREAM);
        const erased = jsonEvent({ id: randomUUID(), type: ERASED, data: { stream: of, before: until } });
        await appends.append(STORE_STREAM, [erased], last);
        await erasures.refresh();
      });
    }

    async function truncate(of: string, until: number): Promise<void> {
      await appendAfterRead(async () => {
        const [last] = (await reading.stream(`$$${of}`, { direction: 'backwards', limit: 1 })) ?? [];
        const metadata = (last?.data ?? {}) as Record<string, unknown> & { readonly $tb?: number };
        if ((metadata.$tb ?? 0) >= until) return;
        const data: JSONType = { ...metadata, $tb: until };
        const changed = jsonEvent({ id: randomUUID(), type: '$metadata', data });
        await appends.append(`$$${of}`, [changed], last ? Number(last.revision) : 'no_stream');
      });
    }
  };
