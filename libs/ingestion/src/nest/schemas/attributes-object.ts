import { z } from 'zod';

import { CustomAttribute } from './custom-attributes.ts';
import { identifierFields, identifierRule, TimeString } from './identifiers.ts';

const shortText = z
  .string()
  .nullish()
  .describe('At most 255 characters; a longer one leaves the field as it is.');

const subscriptionState = z.enum(['opted_in', 'subscribed', 'unsubscribed']).nullish();

const SubscriptionGroupState = z
  .looseObject({
    subscription_group_id: z.guid(),
    subscription_state: z.enum(['subscribed', 'unsubscribed']),
    use_double_opt_in_logic: z.boolean().nullish(),
  })
  .meta({ id: 'SubscriptionGroupState', description: 'The state of a user in one subscription group.' });

const PushToken = z
  .looseObject({
    app_id: z.string().min(1).describe('An app of the workspace.'),
    token: z.string().min(1),
    device_id: z
      .string()
      .min(1)
      .max(255)
      .nullish()
      .describe('8 to 255 bytes. Derived from the app and the token where it is missing.'),
  })
  .meta({ id: 'PushTokenToAdd', description: 'What a device receives push messages by.' });

const Facebook = z
  .looseObject({
    id: z.string().nullish(),
    likes: z.array(z.string()).nullish(),
    num_friends: z.int().nullish(),
  })
  .meta({ id: 'Facebook' });

const Twitter = z
  .looseObject({
    id: z.int().nullish(),
    screen_name: z.string().nullish(),
    followers_count: z.int().nullish(),
    friends_count: z.int().nullish(),
    statuses_count: z.int().nullish(),
  })
  .meta({ id: 'Twitter' });

const profileFields = {
  first_name: shortText,
  last_name: shortText,
  home_city: shortText,
  country: z
    .string()
    .nullish()
    .describe(
      'ISO 3166-1 alpha-2, or a name or other code of a country. What cannot be mapped becomes null.',
    ),
  language: z.string().nullish().describe('ISO 639-1. Anything else is ignored.'),
  time_zone: z
    .string()
    .nullish()
    .describe('An IANA name, or one such as `Eastern Time (US & Canada)`. Anything else is ignored.'),
  dob: z.string().nullish().describe('`YYYY-MM-DD`. Anything else is ignored.'),
  gender: z
    .string()
    .nullish()
    .describe(
      '`M`, `F`, `O` (other), `N` (not applicable) or `P` (prefer not to say). Anything else is ignored.',
    ),
  current_location: z
    .looseObject({
      longitude: z.number().min(-180).max(180),
      latitude: z.number().min(-90).max(90),
    })
    .nullish(),
  date_of_first_session: TimeString.nullish(),
  date_of_last_session: TimeString.nullish(),
  email_subscribe: subscriptionState.describe('Also set on every profile with the same email.'),
  push_subscribe: subscriptionState,
  email_open_tracking_disabled: z.boolean().nullish(),
  email_click_tracking_disabled: z.boolean().nullish(),
  marked_email_as_spam_at: TimeString.nullish(),
  subscription_groups: z
    .array(SubscriptionGroupState)
    .nullish()
    .describe(
      'States in email groups are also set on every profile with the same email, in SMS groups phone.',
    ),
  push_tokens: z.array(PushToken).nullish(),
  facebook: Facebook.nullish(),
  twitter: Twitter.nullish(),
  image_url: z
    .string()
    .nullish()
    .describe('At most 2048 characters; a longer one leaves the field as it is.'),
};

/** An attributes object (user-data API §7): every key that is not listed is a custom attribute. */
export const AttributesObject = z
  .object({
    ...identifierFields,
    _merge_objects: z
      .boolean()
      .nullish()
      .describe('True: nested objects are merged into the stored ones instead of replacing them.'),
    push_token_import: z
      .boolean()
      .nullish()
      .describe(
        'True: `push_tokens` of nobody known. Needs them, and allows no `external_id` or `braze_id`.',
      ),
    ...profileFields,
    alias_name: z.unknown().optional().describe('Not stored here: see `user_alias`.'),
    alias_label: z.unknown().optional().describe('Not stored here: see `user_alias`.'),
    bio: z.unknown().optional().describe('Not stored.'),
    email_subscription_info: z.never().optional().describe('Refuses the object.'),
  })
  .catchall(CustomAttribute)
  .meta({
    id: 'AttributesObject',
    description:
      'Whom it is about, profile fields, and custom attributes under any other name of 1 to 255 characters without a `$` in front; one under another name is left out. Null clears a field or removes an attribute.',
    if: { required: ['push_token_import'], properties: { push_token_import: { const: true } } },
    // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
    then: {
      required: ['push_tokens'],
      properties: {
        push_tokens: { type: 'array', minItems: 1 },
        external_id: { enum: [null, ''] },
        braze_id: { enum: [null, ''] },
      },
    },
    else: identifierRule,
  });
