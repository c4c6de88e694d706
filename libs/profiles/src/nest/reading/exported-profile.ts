import { z } from 'zod';

const occurrences = z.array(
  z.object({ name: z.string(), first: z.iso.datetime(), last: z.iso.datetime(), count: z.int().min(1) }),
);
const subscription = z.enum(['opted_in', 'subscribed', 'unsubscribed']).optional();
const enteredAt = z.iso.datetime().optional();
const text = z.string().optional();

/** The profile object of the public API (user-data API §13.2): what Hearth has of it. */
export const ExportedProfile = z
  .object({
    created_at: z.iso.datetime().optional(),
    external_id: text,
    user_aliases: z.array(z.object({ alias_name: z.string(), alias_label: z.string() })).optional(),
    braze_id: text,
    first_name: text,
    last_name: text,
    email: text,
    dob: z.iso.date().optional(),
    home_city: text,
    country: text,
    phone: text,
    language: text,
    time_zone: text,
    gender: text,
    last_coordinates: z.array(z.number()).length(2).optional().describe('Longitude, latitude.'),
    total_revenue: z
      .number()
      .optional()
      .describe('In the base currency; left out before the first purchase.'),
    random_bucket: z.int().min(0).max(9999).optional(),
    push_subscribe: subscription,
    push_opted_in_at: enteredAt,
    push_subscribed_at: enteredAt,
    push_unsubscribed_at: enteredAt,
    email_subscribe: subscription,
    email_opted_in_at: enteredAt,
    email_subscribed_at: enteredAt,
    email_unsubscribed_at: enteredAt,
    custom_attributes: z.record(z.string(), z.unknown()).optional(),
    custom_events: occurrences.optional().describe('Those of the last 90 days.'),
    purchases: occurrences.optional().describe('By product id; those of the last 90 days.'),
    push_tokens: z
      .array(z.object({ app: z.string(), platform: text, token: z.string(), device_id: z.string() }))
      .optional()
      .describe('With the name and the platform of the app where it is registered, else with its id.'),
  })
  .meta({ id: 'ExportedProfile', description: 'A profile. Empty fields are left out.' });
