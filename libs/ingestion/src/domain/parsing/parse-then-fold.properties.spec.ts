import type { ForcedType, Json, JsonObject } from '@hearth/contracts';
import { FORCED_TYPES } from '@hearth/contracts';
import { fold, type ProfileEvent } from '@hearth/profiles';
import { userDecider } from '@hearth/users';
import { isRejection } from '@hearth/eventing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { NOW, NOW_ISO, rulesWith } from '../../testing/parse-one.ts';
import { isFatal } from './errors.ts';
import { parseTrack } from './track-request.ts';
import type { TrackRules } from './track-rules.ts';

const key = fc.constantFrom(
  'id',
  'x',
  'a b',
  'a.b',
  '$x',
  'inc',
  'add',
  'remove',
  '$add',
  '$update',
  '$remove',
);
const scalar: fc.Arbitrary<Json> = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constantFrom('', 'x', 'true', '12', '2022-01-01', '12/1/2021', '3001-01-01', 'x'.repeat(256)),
);
const time = fc
  .constantFrom<Json>('2022-01-01', '9999-01-01', 'no time', null, 5)
  .map((text): Json => ({ $time: text }));
const nested: fc.Arbitrary<Json> = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small' },
    scalar,
    time,
    fc.constant(null),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(key, tie('json'), { maxKeys: 3 }) as fc.Arbitrary<Json>,
  ),
})).json;
const criterion = { $identifier_key: fc.constantFrom('id', 'x'), $identifier_value: fc.oneof(scalar, time) };
const value: fc.Arbitrary<Json> = fc.oneof(
  nested,
  fc.record({ inc: fc.oneof(fc.integer(), fc.double()) }) as fc.Arbitrary<Json>,
  fc.record({ add: fc.array(scalar), remove: fc.array(scalar) }, { requiredKeys: [] }) as fc.Arbitrary<Json>,
  fc.array(fc.dictionary(fc.constantFrom('id', 'x'), scalar), { maxLength: 3 }) as fc.Arbitrary<Json>,
  fc.record(
    {
      $add: fc.array(fc.dictionary(fc.constantFrom('id', 'x'), fc.oneof(scalar, time)), { maxLength: 3 }),
      $update: fc.array(fc.record({ ...criterion, $new_object: fc.dictionary(key, scalar) }), {
        maxLength: 2,
      }),
      $remove: fc.array(fc.record(criterion), { maxLength: 2 }),
    },
    { requiredKeys: [] },
  ) as fc.Arbitrary<Json>,
);
const attributes = fc.record({ a: value, b: value, _merge_objects: fc.boolean() }, { requiredKeys: ['a'] });

/** The stream of a user after these attributes objects, one a request. */
const streamOf = (objects: readonly JsonObject[], rules: TrackRules): readonly ProfileEvent[] => {
  const events: { type: string; data: unknown }[] = [
    {
      type: 'UserCreated',
      data: {
        braze_id: '0a'.repeat(12),
        identifier: { kind: 'external_id', value: 'u' },
        random_bucket: 1,
      },
    },
  ];
  for (const object of objects) {
    const parsed = parseTrack({ attributes: [{ ...object, external_id: 'u' }] }, rules, NOW);
    if (isFatal(parsed)) continue;
    for (const command of parsed.objects[0]!.commands) {
      const decided = userDecider.decide(command, { status: 'active' });
      if (!isRejection(decided)) events.push(...decided);
    }
  }
  return events.map((event, revision) => ({ ...event, revision, received_at: NOW_ISO, schema: 1 }));
};

/** What depends on the value that is stored already, and so is for the fold alone to say. */
const OF_THE_STORED_VALUE = new Set([
  'list_limit',
  'not_a_list',
  'not_an_object_list',
  'not_an_integer',
  'number_overflow',
  'too_large',
]);

describe('what the parser takes', () => {
  it('is carried out by the fold, unless the stored value forbids it', () => {
    fc.assert(
      fc.property(fc.array(attributes, { minLength: 1, maxLength: 5 }), (objects) => {
        const stream = streamOf(objects as JsonObject[], rulesWith({}));
        const dropped = new Set(
          stream.flatMap(({ data, revision }) =>
            ((data as { dropped?: { name: string }[] }).dropped ?? []).map(
              ({ name }) => `${revision} ${name}`,
            ),
          ),
        );
        const profile = fold(stream);
        if (profile.status !== 'active') throw new Error('nothing ended this profile');
        for (const { code, name, revision } of profile.rejections.newest)
          if (!dropped.has(`${revision} ${name}`)) expect(OF_THE_STORED_VALUE).toContain(code);
      }),
      { numRuns: 2_000 },
    );
  });

  it('folds to the same in one go and written down after every event', () => {
    fc.assert(
      fc.property(fc.array(attributes, { maxLength: 5 }), (objects) => {
        const stream = streamOf(objects as JsonObject[], rulesWith({}));
        const live = stream.reduce(
          (profile, event) => JSON.parse(JSON.stringify(fold([event], profile))) as typeof profile,
          fold([]),
        );
        expect(live).toEqual(JSON.parse(JSON.stringify(fold(stream))));
      }),
      { numRuns: 500 },
    );
  });

  it('is of the type that an attribute is held to', () => {
    const isOf: Readonly<Record<ForcedType, (stored: Json) => boolean>> = {
      boolean: (stored) => typeof stored === 'boolean',
      number: (stored) => typeof stored === 'number',
      string: (stored) => typeof stored === 'string',
      time: (stored) => isObject(stored) && Object.hasOwn(stored, '$time'),
      array: (stored) => Array.isArray(stored),
      object: isObject,
      object_array: (stored) => Array.isArray(stored) && (stored as readonly Json[]).every(isObject),
    };
    fc.assert(
      fc.property(
        fc.constantFrom(...FORCED_TYPES),
        fc.array(attributes, { minLength: 1, maxLength: 4 }),
        (forcedType, objects) => {
          const rules = rulesWith({ attributeRules: new Map([['a', { forcedType }]]) });
          const profile = fold(streamOf(objects as JsonObject[], rules));
          if (profile.status !== 'active') throw new Error('nothing ended this profile');
          const stored = profile.custom_attributes['a'];
          if (stored !== undefined) expect(isOf[forcedType](stored)).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

const isObject = (stored: Json): stored is JsonObject =>
  typeof stored === 'object' && stored !== null && !Array.isArray(stored);
