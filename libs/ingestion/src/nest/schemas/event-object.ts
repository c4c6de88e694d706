import { z } from 'zod';

import { identifierFields, identifierRule, TimeString } from './identifiers.ts';

const appId = z.string().nullish().describe('An app of the workspace. One that is not known is ignored.');

const propertiesWithout = (reserved: readonly string[]) =>
  z
    .record(z.string(), z.unknown())
    .meta({
      propertyNames: { minLength: 1, maxLength: 255, pattern: '^[^$]', not: { enum: reserved } },
    })
    .nullish()
    .describe(
      'The first 256 are kept. Nulls and strings over 255 characters are left out. With an array or object among them, at most 100 KB in all.',
    );

const time = TimeString.describe('When it happened; a time ahead counts as now.');

/** An event object (user-data API §9). */
export const EventObject = z
  .looseObject({
    ...identifierFields,
    name: z.string().min(1).max(255),
    time,
    app_id: appId,
    properties: propertiesWithout(['time', 'event_name']),
  })
  .meta({ id: 'EventObject', description: 'Something that a user did.', ...identifierRule });

/** Beyond this, a whole number has lost digits on the way. */
const exactNumber = z.number().min(Number.MIN_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER);

/** A purchase object (user-data API §10). */
export const PurchaseObject = z
  .looseObject({
    ...identifierFields,
    product_id: z.union([z.string().min(1).max(255), exactNumber]).describe('A number counts as its digits.'),
    currency: z.string().meta({ format: 'iso-4217' }).describe('An ISO 4217 code, in whatever case.'),
    price: exactNumber.describe('Of one piece, in base units such as dollars. Negative for a refund.'),
    quantity: z
      .int()
      .min(1)
      .max(100)
      .nullish()
      .describe('That many purchases of one piece each. Default: 1.'),
    time,
    app_id: appId,
    properties: propertiesWithout(['time', 'event_name', 'product_id', 'quantity', 'price', 'currency']),
  })
  .meta({ id: 'PurchaseObject', description: 'Something that a user bought.', ...identifierRule });
