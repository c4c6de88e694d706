import type { ClaimableIdentifier, UserAlias } from '@hearth/contracts';
import type { ActiveProfile } from './profile.ts';

type Identified = Pick<ActiveProfile, 'external_ids' | 'user_aliases' | 'fields'>;

const sameAlias = (a: UserAlias, b: UserAlias): boolean =>
  a.alias_label === b.alias_label && a.alias_name === b.alias_name;

/**
 * An identifier that now names the user. A new external id becomes the primary one and leaves the older ones
 * deprecated; an email or phone is the first value of its field, where the field has none.
 */
export const identifierAdded = <Known extends Identified>(
  profile: Known,
  { kind, value }: ClaimableIdentifier,
): Known => {
  switch (kind) {
    case 'external_id': {
      const others = profile.external_ids.filter((id) => id !== value);
      return { ...profile, external_ids: [...others, value] };
    }
    case 'user_alias': {
      const { alias_name, alias_label } = value;
      const others = profile.user_aliases.filter((alias) => !sameAlias(alias, value));
      return { ...profile, user_aliases: [...others, { alias_name, alias_label }] };
    }
    case 'email':
    case 'phone':
      return profile.fields[kind] === undefined
        ? { ...profile, fields: { ...profile.fields, [kind]: value } }
        : profile;
    default:
      return profile; // a kind that a newer version knows
  }
};

/** An identifier that no longer names the user, or never did: then nothing changes. The email and phone fields are attributes: they stay. */
export const identifierRemoved = <Known extends Identified>(
  profile: Known,
  { kind, value }: ClaimableIdentifier,
): Known => {
  switch (kind) {
    case 'external_id': {
      const others = profile.external_ids.filter((id) => id !== value);
      return others.length === profile.external_ids.length ? profile : { ...profile, external_ids: others };
    }
    case 'user_alias': {
      const others = profile.user_aliases.filter((alias) => !sameAlias(alias, value));
      return others.length === profile.user_aliases.length ? profile : { ...profile, user_aliases: others };
    }
    default:
      return profile;
  }
};
