import { userStream, type AppendedEvents, type BrazeId } from '@hearth/contracts';
import { comparePositions, type EventStore, type Position, type RecordedEvent } from '@hearth/eventing';
import { Copies } from '../domain/copies.ts';
import { isPositionOf } from './log-progress.ts';
import { evolve, fold as foldAll, undoesEarlier, type ProfileEvent } from '../domain/evolve.ts';
import { unknownProfile, type Profile } from '../domain/profile.ts';
import { ProjectionError } from './errors.ts';
import { profileEventOf } from './profile-event-of.ts';
import type { ProfileTable } from './profile-table.ts';
import type { Standing } from './standing.ts';
import { usersAhead } from './users-ahead.ts';

/**
 * Folds events into profiles. Whatever way an event comes (the subscription, a tail that was read, a write that it rode along
 * with), it is folded once and in the order of its stream: one that is applied already is dropped, for its number alone.
 */
export interface Applier {
  /**
   * Applies the next event of the log, the one at `at`, and with it those right behind it that are the same user's: the profile
   * is looked up once for all of them. Answers how many were taken. Where the user's row is waited for, or the log has to be
   * asked about a gap, a promise is added to `waiting`; events of others may be applied meanwhile.
   */
  applyNext(events: readonly RecordedEvent[], at: number, waiting: Promise<void>[]): number;
  /** Resolves when those of a user's events are applied that `applyNext` has taken, or cannot be; undefined where they are. */
  settled(brazeId: BrazeId): Promise<void> | undefined;
  /** Applies what was just appended, where the profile stands right before it. */
  applyAppended(brazeId: BrazeId, appended: AppendedEvents): void;
  /** Reads what a profile lacks out of its stream, and applies it. */
  applyTail(brazeId: BrazeId): Promise<void>;
  /** How many events were folded, and how many came that were folded before. */
  readonly counts: { readonly folded: number; readonly dropped: number };
  /** When the event that was folded last was taken in. */
  readonly newestReceivedAt: string | undefined;
}

/** Where profiles stand that events are folded into. */
export type ProfilesToFold = Pick<ProfileTable, 'get' | 'inMemory' | 'load' | 'set'>;

const USER_STREAM_PREFIX = 'user_00-'.length;
const TAIL_PAGE = 500;
/** From so many events of one user on, it is worth remembering what was copied for them. */
const LONG_RUN = 8;

/**
 * `furthest` is the position of the newest event in any row. A user's first event beyond everything that was applied is the
 * first that is heard of this user: nothing is looked for among the rows then, which saves a read a user.
 */
export const createApplier = (
  table: ProfilesToFold,
  store: Pick<EventStore, 'readStream' | 'storeId'>,
  furthest: Position | undefined,
): Applier => {
  const counts = { folded: 0, dropped: 0 };
  let newestReceivedAt: string | undefined;
  /** How far events were applied, or are in rows, in the order of the log. */
  let seen = furthest;
  const ahead = usersAhead();

  const folded = (
    brazeId: BrazeId,
    profile: Profile,
    event: ProfileEvent,
    copies?: Copies,
    whole?: readonly ProfileEvent[],
  ): Profile => {
    try {
      counts.folded++;
      newestReceivedAt = event.received_at;
      return whole ? foldAll(whole) : evolve(profile, event, copies);
    } catch (cause) {
      throw new ProjectionError(
        'fold_failed',
        `Event ${event.revision} (${event.type}) of ${userStream(brazeId)} cannot be folded; it is not what its schema says`,
        { cause },
      );
    }
  };

  /** Folds an event in after what stands; `anew` in the place of it, and with `whole` as the last of all these. */
  const fold = (
    brazeId: BrazeId,
    standing: Standing | undefined,
    event: RecordedEvent,
    { anew = false, whole }: { readonly anew?: boolean; readonly whole?: readonly ProfileEvent[] } = {},
  ): void => {
    const { revision, position } = event;
    const from = anew ? unknownProfile : (standing?.profile ?? unknownProfile);
    const profile = folded(brazeId, from, profileEventOf(event), undefined, whole);
    table.set(brazeId, { profile, revision, position }, standing);
  };

  /** An event that takes an earlier one back: the stream is folded again from its beginning, without that one. */
  const foldAgain = async (brazeId: BrazeId, event: RecordedEvent): Promise<void> => {
    const whole: ProfileEvent[] = [];
    for (let from = -1, done = false; !done;) {
      const { events } = await store.readStream(event.stream, { from, limit: TAIL_PAGE });
      whole.push(...events.filter(({ revision }) => revision <= event.revision).map(profileEventOf));
      from = events.at(-1)?.revision ?? event.revision;
      done = from >= event.revision;
    }
    // Meanwhile it may have been applied by way of another reader.
    const standing = table.get(brazeId);
    if (standingRevision(standing) >= event.revision) counts.dropped++;
    else fold(brazeId, standing, event, { whole });
  };

  /**
   * An event that does not follow the last one: those between were erased, or they never came. The log knows. After an
   * erasure the fold begins anew with what is left, as a rebuild would.
   */
  const acrossGap = async (brazeId: BrazeId, event: RecordedEvent): Promise<void> => {
    const from = standingRevision(table.get(brazeId));
    const { events } = await store.readStream(event.stream, { from, limit: 1 });
    const standing = table.get(brazeId);
    const revision = standingRevision(standing);
    if (event.revision <= revision) counts.dropped++;
    else if (undoesEarlier(event)) await foldAgain(brazeId, event);
    else if (event.revision === revision + 1) fold(brazeId, standing, event);
    else if (events[0] === undefined || events[0].revision >= event.revision)
      fold(brazeId, standing, event, { anew: true });
    else
      throw new ProjectionError(
        'events_missing',
        `${event.stream} is folded up to ${revision} and went on with ${event.revision}, though the log holds ` +
          `${events[0].revision}: restart the service, and report this`,
      );
  };

  const applyTo = (
    standing: Standing | undefined,
    brazeId: BrazeId,
    event: RecordedEvent,
  ): void | Promise<void> => {
    const next = standingRevision(standing) + 1;
    if (event.revision < next) counts.dropped++;
    else if (undoesEarlier(event)) return foldAgain(brazeId, event);
    else if (event.revision === next) fold(brazeId, standing, event);
    else return acrossGap(brazeId, event);
  };

  /** The last of those events of a user that wait for something. */
  const underway = new Map<BrazeId, Promise<void>>();

  const lookUp = (brazeId: BrazeId, isNew: boolean): Standing | undefined =>
    isNew ? table.inMemory(brazeId) : table.get(brazeId);
  const applyAfter = (
    before: Promise<void>,
    brazeId: BrazeId,
    event: RecordedEvent,
    isNew: boolean,
  ): Promise<void> => before.then(() => applyTo(lookUp(brazeId, isNew), brazeId, event));
  const waitedFor = (brazeId: BrazeId, applying: Promise<void>): Promise<void> => {
    const ended = (): void => {
      if (underway.get(brazeId) === applying) underway.delete(brazeId);
    };
    applying.then(ended, ended);
    underway.set(brazeId, applying);
    return applying;
  };

  /** Takes note of how far the log is applied. False for an event that came before. */
  const reach = (position: Position): boolean => {
    if (seen !== undefined && comparePositions(position, seen) <= 0) return false;
    seen = position;
    return true;
  };

  /** One event, whatever it takes. */
  const apply = (
    brazeId: BrazeId,
    event: RecordedEvent,
    standing: Standing | undefined,
  ): void | Promise<void> => {
    const { position } = event;
    const isBeyond = reach(position);
    const isNew = isBeyond && event.revision === 0 && !ahead.has(brazeId);
    if (isBeyond) ahead.reached(position);
    const before = underway.get(brazeId) ?? (standing || isNew ? undefined : table.load(brazeId));
    const applying = before
      ? applyAfter(before, brazeId, event, isNew)
      : applyTo(standing ?? lookUp(brazeId, isNew), brazeId, event);
    return applying && waitedFor(brazeId, applying);
  };

  /** As many events of one user as can be folded into a profile that is in memory. */
  const applyRun = (
    brazeId: BrazeId,
    standing: Standing,
    events: readonly RecordedEvent[],
    at: number,
  ): number => {
    const { stream } = events[at]!;
    let { profile, revision, position } = standing;
    const copies = events[at + LONG_RUN]?.stream === stream ? new Copies() : undefined;
    let end = at;
    for (; end < events.length; end += 1) {
      const event = events[end]!;
      if (event.revision > revision + 1 || event.stream !== stream || undoesEarlier(event)) break;
      if (event.revision <= revision) counts.dropped++;
      else {
        profile = folded(brazeId, profile, profileEventOf(event), copies);
        ({ revision, position } = event);
      }
    }
    if (revision > standing.revision) table.set(brazeId, { profile, revision, position }, standing);
    if (end > at && reach(events[end - 1]!.position)) ahead.reached(events[end - 1]!.position);
    return end - at;
  };

  const applyNext = (events: readonly RecordedEvent[], at: number, waiting: Promise<void>[]): number => {
    const event = events[at]!;
    const brazeId = event.stream.slice(USER_STREAM_PREFIX);
    const isBusy = underway.size > 0 && underway.has(brazeId);
    const standing = isBusy ? undefined : table.inMemory(brazeId);
    const taken = standing ? applyRun(brazeId, standing, events, at) : 0;
    if (taken > 0) return taken;
    const applying = apply(brazeId, event, standing);
    if (applying) waiting.push(applying);
    return 1;
  };

  return {
    applyNext,
    settled: (brazeId) => underway.get(brazeId)?.catch(() => undefined),
    applyAppended(brazeId, { events, revision, position }) {
      const standing = table.get(brazeId);
      const before = revision - events.length;
      if (events.length === 0 || standingRevision(standing) !== before) return;
      if (events.some(undoesEarlier)) return; // the stream has it
      // What came over the wire is about to be written down: a position of elsewhere would spoil the file.
      if (!isPositionOf(store.storeId, position)) return;
      ahead.add(brazeId, position);
      const copies = events.length > LONG_RUN ? new Copies() : undefined;
      let profile = standing?.profile ?? unknownProfile;
      for (const [index, event] of events.entries())
        profile = folded(brazeId, profile, { ...event, revision: before + 1 + index }, copies);
      table.set(brazeId, { profile, revision, position }, standing);
    },
    async applyTail(brazeId) {
      const stream = userStream(brazeId);
      for (;;) {
        const from = standingRevision(table.get(brazeId));
        const slice = await store.readStream(stream, { from, limit: TAIL_PAGE });
        for (const event of slice.events) {
          ahead.add(brazeId, event.position);
          const waiting = applyTo(table.get(brazeId), brazeId, event);
          if (waiting) await waiting;
        }
        if (slice.endOfStream || slice.events.length === 0) return;
      }
    },
    counts,
    get newestReceivedAt() {
      return newestReceivedAt;
    },
  };
};

const standingRevision = (standing: Standing | undefined): number => standing?.revision ?? -1;
