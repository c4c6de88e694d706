import type { BrazeId, ItemError, ReadProfile, ReadProfileReply } from '@hearth/contracts';
import { unknownProfile } from '../domain/profile.ts';
import { selectFrom } from '../domain/select.ts';
import type { Applier } from './apply-events.ts';
import type { ProfileTable } from './profile-table.ts';
import type { Standing } from './standing.ts';

export interface ReadProfilesPorts {
  readonly table: ProfileTable;
  readonly applier: Applier;
  /** Waits that many milliseconds. */
  readonly pause: (ms: number) => Promise<unknown>;
}

export type ReadProfiles = (
  requests: readonly ReadProfile[],
) => Promise<ReadProfileReply[]> | ReadProfileReply[];

/** What was read may be older than the append, or a replica a moment behind: it is looked for again after these pauses. */
const PAUSES_MS = [0, 0, 5, 20, 75, 200] as const;

/**
 * Answers with profiles once the asked revisions are applied. Where the events that were just appended ride along and the
 * profile stands right before them, they are folded at once; where it stands further back, what it lacks is read out of
 * its stream. So an answer waits neither for the subscription nor for a rebuild. Item by item; one failing leaves the rest.
 */
export const readProfiles = ({ table, applier, pause }: ReadProfilesPorts): ReadProfiles => {
  const reading = new Map<BrazeId, Promise<void>>();

  /** Reads a user's tail once for all who ask meanwhile. */
  const readTail = (brazeId: BrazeId): Promise<void> => {
    const running = reading.get(brazeId);
    if (running) return running;
    const tail = applier.applyTail(brazeId).finally(() => reading.delete(brazeId));
    reading.set(brazeId, tail);
    return tail;
  };

  /** The answer, where the profile stands at the asked revision or can be brought there from what came along. */
  const answerNow = (request: ReadProfile, known: Standing | undefined): ReadProfileReply | undefined => {
    const { braze_id, min_revision, appended, select } = request;
    let standing = known;
    if ((standing?.revision ?? -1) < min_revision && appended !== undefined) {
      applier.applyAppended(braze_id, appended);
      standing = table.get(braze_id);
    }
    const revision = standing?.revision ?? -1;
    if (revision < min_revision) return undefined;
    return { revision, profile: selectFrom(standing?.profile ?? unknownProfile, select) };
  };

  const answerFromStream = async (request: ReadProfile): Promise<ReadProfileReply> => {
    for (const ms of PAUSES_MS) {
      if (ms > 0) await pause(ms);
      await readTail(request.braze_id);
      const answer = answerNow(request, table.get(request.braze_id));
      if (answer) return answer;
    }
    const revision = table.get(request.braze_id)?.revision ?? -1;
    return itemError({
      code: 'not_reached',
      message: `The stream of ${request.braze_id} is at ${revision} in the log, short of ${request.min_revision}`,
    });
  };

  const answer = (request: ReadProfile): ReadProfileReply | Promise<ReadProfileReply> => {
    try {
      const known = table.inMemory(request.braze_id);
      const loading = known ? undefined : table.load(request.braze_id);
      if (loading) return answerLoaded(request, loading).catch(itemErrorOf);
      return (
        answerNow(request, known ?? table.get(request.braze_id)) ??
        answerFromStream(request).catch(itemErrorOf)
      );
    } catch (error) {
      return itemErrorOf(error);
    }
  };
  const answerLoaded = async (request: ReadProfile, loading: Promise<void>): Promise<ReadProfileReply> => {
    await loading;
    await applier.settled(request.braze_id);
    return answerNow(request, table.get(request.braze_id)) ?? answerFromStream(request);
  };

  return (requests) => {
    const answers = requests.map(answer);
    return answers.every(isSettled) ? answers : Promise.all(answers.map(settled));
  };
};

const isSettled = (answer: ReadProfileReply | Promise<ReadProfileReply>): answer is ReadProfileReply =>
  !(answer instanceof Promise);
const settled = async (answer: ReadProfileReply | Promise<ReadProfileReply>): Promise<ReadProfileReply> =>
  answer;

const itemError = (error: ItemError['error']): ItemError => ({ error });

/** Errors with a code keep it; what any other one says stays private. */
export const itemErrorOf = (error: unknown): ItemError =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? itemError({ code: error.code, message: error.message })
    : itemError({ code: 'internal', message: 'The request could not be answered' });
