import type { InputArray } from './input-array.ts';

/** Why one object of a track body was not taken. `type` is prose: clients show it as it is (user-data API §4.1). */
export interface ObjectError {
  readonly type: string;
  readonly input_array: InputArray;
  /** Position in the array as sent. */
  readonly index: number;
}

/** Why a whole body was refused: nothing of it is processed. `message`, `error` and `errors` are the answer's body. */
export interface FatalError {
  readonly status: 400;
  readonly message: string;
  /** Set for a body that is not JSON: newer documentation names this key, older clients read `message` (§1). */
  readonly error?: string;
  readonly errors?: readonly ObjectError[];
}

/** True for the refusal of a whole body. */
export const isFatal = (result: object): result is FatalError => 'status' in result && result.status === 400;

const NO_VALID_DATA = "Valid data must be provided in the 'attributes', 'events', or 'purchases' fields.";
const OVER_LIMIT = 'Max Input Length Exceeded';

/** No array, only empty ones, something that is not an array, or only invalid objects (§5.2). */
export const noValidData = (errors?: readonly ObjectError[]): FatalError =>
  errors === undefined || errors.length === 0
    ? { status: 400, message: NO_VALID_DATA }
    : { status: 400, message: NO_VALID_DATA, errors };

/** More objects than one request may carry (§5.1). */
export const overLimit = (): FatalError => ({ status: 400, message: OVER_LIMIT });

/** More than the one object that a sync request may carry; names the first one too many (§6.3). */
export const moreThanOne = (inputArray: InputArray, index: number): FatalError => ({
  status: 400,
  message: OVER_LIMIT,
  errors: [
    {
      type: 'Only one attributes, events or purchases object is allowed per request',
      input_array: inputArray,
      index,
    },
  ],
});

/**
 * Why an object is refused: the `type` text of its error (§4.3). Functions that read a part of an object return what they
 * read or, as a plain string, this.
 */
export type Refusal = string;

/** The documented texts, and ours in the same manner where none is documented (§4.3). */
export const refusals = {
  identifierRequired: "'external_id', 'braze_id', 'user_alias', 'email' or 'phone' is required",
  severalPrimaries: "Only one of 'external_id', 'braze_id' or 'user_alias' is allowed",
  externalIdTooLong: "'external_id' must be fewer than 988 bytes",
  externalIdBlocked: 'provided external_id is blacklisted and disallowed',
  email: "The value provided for the 'email' field is not a valid email.",
  currency: "'currency' must be an ISO 4217 currency",
  properties: "Invalid 'properties' field",
  currentLocation: "'current_location' must be an object with the numbers 'longitude' and 'latitude'",
  pushTokens: "'push_tokens' must be an array of objects",
  pushToken: "'token' of each of the 'push_tokens' must be a non-empty string",
  pushTokenApp: "'app_id' of each of the 'push_tokens' must be an app of this workspace",
  pushTokenDevice: "'device_id' of each of the 'push_tokens' must have 8 to 255 bytes",
  pushTokenOwner: "'push_tokens' need an 'external_id', or 'push_token_import'",
  pushTokenImport: "'push_token_import' needs 'push_tokens' and allows neither 'external_id' nor 'braze_id'",
  subscriptionGroups: "'subscription_groups' must be an array",
  subscriptionGroup:
    "Each of the 'subscription_groups' needs 'subscription_group_id' and 'subscription_state'",
  subscriptionGroupId: "'subscription_group_id' is not a known subscription group",
  subscriptionGroupState: "'subscription_state' must be 'subscribed' or 'unsubscribed'",
  required: (field: string): Refusal => `'${field}' is required`,
  invalid: (field: string): Refusal => `'${printable(field)}' is not valid`,
  subscriptionState: (field: string): Refusal =>
    `'${field}' must be 'subscribed', 'unsubscribed' or 'opted_in'`,
} as const;

const LONGEST_PRINTED_NAME = 255;

/** A field name from the body, fit for an answer: no NUL, no half of a character pair, of bounded length. */
const printable = (name: string): string =>
  name.slice(0, LONGEST_PRINTED_NAME).toWellFormed().replaceAll('\0', '\uFFFD');
