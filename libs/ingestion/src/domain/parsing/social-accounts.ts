import { isJsonObject, type FacebookAccount, type Json, type TwitterAccount } from '@hearth/contracts';

import { refusals, type Refusal } from './errors.ts';
import { fitsIn } from './json-bytes.ts';
import { MAX_NESTED_BYTES } from './limits.ts';

const isText = (value: Json): boolean => typeof value === 'string';
const isInteger = (value: Json): boolean => Number.isSafeInteger(value);
const isTextList = (value: Json): boolean => Array.isArray(value) && (value as readonly Json[]).every(isText);

/** Takes the documented parts of an account; what else the object holds is ignored, as unknown keys are everywhere. */
const account =
  <Account>(field: string, parts: Readonly<Record<keyof Account & string, (value: Json) => boolean>>) =>
  (sent: Json): { readonly value: Account } | Refusal => {
    if (!isJsonObject(sent) || !fitsIn(MAX_NESTED_BYTES, sent)) return refusals.invalid(field);
    const taken: Record<string, Json> = {};
    for (const [part, isValid] of Object.entries<(value: Json) => boolean>(parts)) {
      const value = sent[part];
      if (value === undefined || value === null) continue;
      if (!isValid(value)) return refusals.invalid(field);
      taken[part] = value;
    }
    return { value: taken as Account };
  };

/** Reads `facebook` (user-data API §7.1). */
export const readFacebook = account<FacebookAccount>('facebook', {
  id: isText,
  likes: isTextList,
  num_friends: isInteger,
});

/** Reads `twitter` (user-data API §7.1). */
export const readTwitter = account<TwitterAccount>('twitter', {
  id: isInteger,
  screen_name: isText,
  followers_count: isInteger,
  friends_count: isInteger,
  statuses_count: isInteger,
});
