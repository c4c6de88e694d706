import type { BrazeId } from '@hearth/contracts';
import type { Position } from '@hearth/eventing';
import { primaryExternalId, type Profile } from '../domain/profile.ts';
import { ReadModelError, type CandidateRow, type ProfileRow, type StandingRow } from './read-model.ts';

/** A profile and the last event that is folded into it. */
export interface Standing {
  readonly profile: Profile;
  readonly revision: number;
  readonly position: Position;
}

const updatedAt = (profile: Profile): string | null => {
  switch (profile.status) {
    case 'active':
      return profile.updated_at;
    case 'merged':
      return profile.merged_at;
    case 'deleted':
      return profile.deleted_at;
    case 'unknown':
      return null;
  }
};

/** The email or phone that the profile carries now: what it is found by. */
export const contactOf = (profile: Profile, kind: 'email' | 'phone'): string | null =>
  profile.status === 'active' ? (profile.fields[kind] ?? null) : null;

export const candidateOf = (brazeId: BrazeId, { profile, revision, position }: Standing): CandidateRow => ({
  braze_id: brazeId,
  revision,
  position,
  updated_at: updatedAt(profile),
  external_id: primaryExternalId(profile),
});

export const rowOf = (brazeId: BrazeId, { profile, revision, position }: Standing): ProfileRow => ({
  braze_id: brazeId,
  revision,
  position,
  updated_at: updatedAt(profile),
  external_id: primaryExternalId(profile),
  email: contactOf(profile, 'email'),
  phone: contactOf(profile, 'phone'),
  document: JSON.stringify(profile),
});

export const standingOf = ({ braze_id, document, revision, position }: StandingRow): Standing => {
  try {
    return { profile: JSON.parse(document) as Profile, revision, position };
  } catch (cause) {
    throw new ReadModelError('read_model_damaged', `The row of ${braze_id} is not JSON`, { cause });
  }
};
