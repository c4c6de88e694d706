import type { Json, JsonObject, UserEvent } from '@hearth/contracts';
import fc from 'fast-check';

/** The widest limit of a list that random events carry. */
export const WIDEST_LIST = 40;
const name = fc.constantFrom('a', 'b', '1', '__proto__', 'constructor', 'hasOwnProperty', '$x', 'with space');
const time = fc
  .date({ min: new Date('1990-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const scalar = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string({ maxLength: 3 }),
  fc.boolean(),
  time.map((iso): JsonObject => ({ $time: iso })),
);
const scalars = fc.array(scalar, { maxLength: 40 });
/** What JSON can carry, as it comes out of a parser: own keys only. */
const anyJson = fc.json({ maxDepth: 4 }).map((text) => JSON.parse(text) as Json);
const identifying = { $identifier_key: name, $identifier_value: scalar };
const operation: fc.Arbitrary<Json> = fc.oneof(
  fc.constant(null),
  scalar,
  scalars,
  anyJson,
  fc.record({ inc: fc.oneof(fc.integer(), fc.double()) }),
  fc.record({ add: scalars, remove: scalars }, { requiredKeys: [] }),
  fc.record(
    {
      $add: fc.array(fc.oneof(anyJson, fc.dictionary(name, scalar)), { maxLength: 5 }),
      $update: fc.array(fc.record({ ...identifying, $new_object: fc.dictionary(name, scalar) }), {
        maxLength: 3,
      }),
      $remove: fc.array(fc.record(identifying), { maxLength: 3 }),
    },
    { requiredKeys: [] },
  ),
) as fc.Arbitrary<Json>;

const pushToken = fc.record({ app_id: name, token: name, device_id: name });
const identifier = fc.oneof(
  fc.record({ kind: fc.constantFrom('external_id', 'email', 'phone'), value: name }),
  fc.record({ kind: fc.constant('user_alias'), value: fc.record({ alias_name: name, alias_label: name }) }),
);
/** Any event that changes a profile, those with nonsense in them included. */
export const event = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constant('AttributesUpdated'),
      data: fc.record(
        {
          custom: fc.dictionary(name, operation, { maxKeys: 4 }),
          fields: fc.record(
            {
              email: fc.option(name),
              country: fc.option(name),
              email_subscribe: fc.option(fc.constantFrom('opted_in', 'subscribed', 'unsubscribed')),
              twitter: fc.option(fc.record({ id: fc.integer() })),
            },
            { requiredKeys: [] },
          ),
          merge_objects: fc.constant(true),
          list_limits: fc.dictionary(name, fc.integer({ min: 1, max: WIDEST_LIST }), { maxKeys: 2 }),
          push_tokens: fc.option(fc.array(pushToken, { maxLength: 3 })),
          lost_push_tokens: fc.array(pushToken, { maxLength: 2 }),
        },
        { requiredKeys: [] },
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constant('CustomEventRecorded'), data: fc.record({ name, time }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('PurchaseRecorded'),
      data: fc.record({
        product_id: name,
        currency: fc.constantFrom('USD', 'EUR'),
        price: fc.integer({ min: -1_000, max: 1_000 }),
        quantity: fc.integer({ min: 1, max: 100 }),
        time,
      }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constantFrom('IdentifierAdded', 'IdentifierRemoved'),
      data: fc.record({ identifier }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('SubscriptionGroupChanged'),
      data: fc.record({
        subscription_group_id: name,
        subscription_state: fc.constantFrom('subscribed', 'unsubscribed'),
      }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.stringMatching(/^[A-Z][A-Za-z]{0,20}$/), data: anyJson }) },
) as fc.Arbitrary<UserEvent>;
