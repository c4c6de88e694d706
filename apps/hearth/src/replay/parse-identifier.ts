import type { Identifier } from '@hearth/contracts';

import { Failure } from '../failure.ts';

const FORMS =
  'write external_id:<id>, braze_id:<24 hex digits>, user_alias:<label>:<name>, email:<address> or phone:<+number>';

/** What people put between the digits of a phone number. */
const SEPARATORS = /[\s().\-/\u2010-\u2015]/g;

const phone = (text: string): string => {
  const compact = text.replace(SEPARATORS, '').replace(/^00/, '+');
  return compact.startsWith('+') ? compact : `+${compact}`;
};

/**
 * Reads an identifier as it is typed: its kind, a colon, its value. Values are brought to the form that profiles have
 * them in. A colon in an alias's name is part of the name; a label cannot have one here. Throws `Failure`.
 */
export const parseIdentifier = (text: string): Identifier => {
  const colon = text.indexOf(':');
  const kind = text.slice(0, Math.max(colon, 0));
  const value = text.slice(colon + 1);
  if (colon === -1 || value === '') throw new Failure(`"${text}" names no user; ${FORMS}`);
  switch (kind) {
    case 'external_id':
      return { kind, value };
    case 'braze_id': {
      const brazeId = value.toLowerCase();
      if (!/^[0-9a-f]{24}$/.test(brazeId))
        throw new Failure(`"${value}" is no braze_id: it has 24 hex digits`);
      return { kind, value: brazeId };
    }
    case 'user_alias': {
      const between = value.indexOf(':');
      if (between < 1 || between === value.length - 1)
        throw new Failure(`"${value}" is no alias: write user_alias:<label>:<name>`);
      return {
        kind,
        value: { alias_label: value.slice(0, between), alias_name: value.slice(between + 1) },
      };
    }
    case 'email':
      return { kind, value: value.trim().toLowerCase() };
    case 'phone':
      return { kind, value: phone(value) };
    default:
      throw new Failure(`"${kind}" is no kind of identifier; ${FORMS}`);
  }
};

/** An identifier as it would be typed. */
export const formatIdentifier = (identifier: Identifier): string =>
  identifier.kind === 'user_alias'
    ? `user_alias:${identifier.value.alias_label}:${identifier.value.alias_name}`
    : `${identifier.kind}:${identifier.value}`;
