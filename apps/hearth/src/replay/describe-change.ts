import type { OccurrenceTotals } from '@hearth/contracts';
import { REJECTION_REASONS, type ProfileChange } from '@hearth/profiles';

import { printable, shown } from './printable.ts';

const labels = { field: '', attribute: 'custom attribute ' } as const;

const occurrences = (totals: OccurrenceTotals | undefined): string =>
  totals === undefined ? '0 times' : totals.count === 1 ? 'once' : `${totals.count} times`;

/** A change of a profile as one line, for people. */
export const describeChange = (change: ProfileChange): string => {
  switch (change.kind) {
    case 'status':
      return `the profile was ${change.from}, now it is ${change.to}`;
    case 'external_id_added':
      return `+ external_id ${shown(change.value)}`;
    case 'external_id_removed':
      return `- external_id ${shown(change.value)}`;
    case 'user_alias_added':
      return `+ user_alias ${alias(change.value)}`;
    case 'user_alias_removed':
      return `- user_alias ${alias(change.value)}`;
    case 'field':
    case 'attribute':
      return valueChange(`${labels[change.kind]}${printable(change.name)}`, change.from, change.to);
    case 'custom_event':
      return `~ custom event ${printable(change.name)}: ${occurrences(change.from)} -> ${occurrences(change.to)}`;
    case 'purchase':
      return `~ purchases of ${printable(change.name)}: ${occurrences(change.from)} -> ${occurrences(change.to)}`;
    case 'revenue':
      return valueChange(`revenue in ${printable(change.name)}`, change.from, change.to);
    case 'subscription_group':
      return valueChange(`subscription group ${printable(change.name)}`, change.from, change.to);
    case 'push_token_added':
      return `+ push token of device ${shown(change.value.device_id)}`;
    case 'push_token_removed':
      return `- push token of device ${shown(change.value.device_id)}`;
    case 'rejection':
      return `! left out ${printable(change.rejection.name)}: ${REJECTION_REASONS[change.rejection.code]}`;
    default:
      return change satisfies never;
  }
};

const alias = ({
  alias_label,
  alias_name,
}: {
  readonly alias_label: string;
  readonly alias_name: string;
}): string => `${printable(alias_label)}:${printable(alias_name)}`;

const valueChange = (what: string, from: unknown, to: unknown): string => {
  if (from === undefined) return `+ ${what}: ${shown(to)}`;
  if (to === undefined) return `- ${what}: was ${shown(from)}`;
  return `~ ${what}: ${shown(from)} -> ${shown(to)}`;
};
