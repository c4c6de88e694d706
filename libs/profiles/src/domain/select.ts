import type { Json, OccurrenceTotals, ProfileSelect, SelectedProfile } from '@hearth/contracts';
import { rendered } from './attributes/time-value.ts';
import { own, put, type Entries } from './own-properties.ts';
import type { ActiveProfile, Profile } from './profile.ts';

/**
 * The named parts of a profile as the public API shows them: times as ISO text, parts the profile does not have left
 * out. Null where there is no such user any more, or yet.
 */
export const selectFrom = (profile: Profile, select: ProfileSelect): SelectedProfile | null => {
  if (profile.status !== 'active') return null;
  const { custom_attributes, custom_events, purchase_events, contact } = select;
  return {
    ...(custom_attributes && {
      custom_attributes: attributesNamed(profile.custom_attributes, custom_attributes),
    }),
    ...(custom_events && {
      custom_events: totalsNamed(profile.custom_events, custom_events).map(([name, totals]) => ({
        name,
        ...totals,
      })),
    }),
    ...(purchase_events && {
      purchase_events: totalsNamed(profile.purchases, purchase_events).map(([product_id, totals]) => ({
        product_id,
        ...totals,
      })),
    }),
    ...(contact && { contact: contactOf(profile) }),
  };
};

const contactOf = ({ fields: { email, phone } }: ActiveProfile) => ({
  ...(typeof email === 'string' && { email }),
  ...(typeof phone === 'string' && { phone }),
});

const attributesNamed = (attributes: Entries<Json>, names: readonly string[]): Entries<Json> => {
  const named: { [name: string]: Json } = {};
  for (const name of names) {
    const value = own(attributes, name);
    if (value !== undefined) put(named, name, rendered(value));
  }
  return named;
};

const totalsNamed = (
  totals: Entries<OccurrenceTotals>,
  names: readonly string[],
): readonly (readonly [string, OccurrenceTotals])[] =>
  names.flatMap((name) => {
    const found = own(totals, name);
    return found === undefined ? [] : [[name, found] as const];
  });
