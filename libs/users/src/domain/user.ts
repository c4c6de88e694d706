import type { BrazeId, UserEvent } from '@hearth/contracts';

/**
 * What ingestion must know of a user to decide: whether it can take writes. Profiles are another fold of the same events.
 * The last event of a stream tells the status by itself, so a cold user costs the read of one event.
 */
export type User =
  | { readonly status: 'unknown' }
  | { readonly status: 'active' }
  | { readonly status: 'merged'; readonly into: BrazeId }
  | { readonly status: 'forestalled'; readonly inFavourOf: BrazeId | null }
  | { readonly status: 'deleted' };

export const initialState: User = { status: 'unknown' };

const active: User = { status: 'active' };

/** Folds one event. Any event that neither ends nor moves the user leaves it active. */
export const evolve = (_user: User, event: { readonly type: string; readonly data: unknown }): User => {
  const { type, data } = event as UserEvent;
  switch (type) {
    case 'UserDeleted':
      return { status: 'deleted' };
    case 'MergedInto':
      return { status: 'merged', into: data.braze_id };
    case 'UserForestalled':
      return { status: 'forestalled', inFavourOf: data.braze_id };
    default:
      return active;
  }
};
