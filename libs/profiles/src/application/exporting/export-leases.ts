import type { ReadingPorts } from '../reading/ports.ts';

/** The right to export a segment was lost to somebody else, who goes on with it. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/** The right to export one segment. */
export interface ExportLease {
  /** Renews it when that is due. Throws `LeaseLost`. */
  readonly hold: () => Promise<void>;
  /** Whether it is still there to be renewed. */
  readonly isHeld: () => Promise<boolean>;
  /** Gives it back; where that fails it ends by itself. */
  readonly release: () => Promise<void>;
}

const LEASE_MS = 60_000;
const RENEW_MS = 10_000;

/**
 * Takes leases that the owner of a segment's partition keeps, so that one export of a segment runs at a time among all
 * instances; a lease ends by itself where its holder dies. Undefined where somebody else has it.
 */
export const exportLeases =
  ({ queries, clock, timeoutMs }: Pick<ReadingPorts, 'queries' | 'clock' | 'timeoutMs'>) =>
  async (segmentId: string, holder: string): Promise<ExportLease | undefined> => {
    const take = async (milliseconds: number): Promise<boolean> => {
      const query = { query: 'lease', name: `export:${segmentId}`, holder, milliseconds } as const;
      return (await queries.askOwnerOf(segmentId, query, { timeoutMs })).granted;
    };
    if (!(await take(LEASE_MS))) return undefined;
    let renewedAt = clock.now();
    return {
      async hold() {
        if (clock.now() - renewedAt < RENEW_MS) return;
        renewedAt = clock.now();
        if (!(await take(LEASE_MS))) throw new LeaseLost('another export of the segment took over');
      },
      isHeld: () => take(LEASE_MS),
      release: async () => void (await take(0).catch(() => undefined)),
    };
  };
