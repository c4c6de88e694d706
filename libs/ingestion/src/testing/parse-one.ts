import type { DropReason, Json, JsonObject, ProfileFields } from '@hearth/contracts';

import {
  defaultTrackRules,
  isFatal,
  parseTrack,
  type InputArray,
  type TrackObject,
  type TrackRules,
} from '../domain/parsing/index.ts';

/** When the specs of the parser take place. */
export const NOW = Date.UTC(2026, 0, 15, 12);
export const NOW_ISO = '2026-01-15T12:00:00.000Z';

/** The default rules with some of them changed. */
export const rulesWith = (changes: Partial<TrackRules>): TrackRules => ({ ...defaultTrackRules, ...changes });

/** What one object of a track body parses to: the object, or the text of its error. */
export const parseOne = (
  inputArray: InputArray,
  sent: Json,
  rules = defaultTrackRules,
): TrackObject | string => {
  const result = parseTrack({ [inputArray]: [sent] }, rules, NOW);
  if (!isFatal(result)) return result.objects[0]!;
  const [error, ...more] = result.errors ?? [];
  if (error === undefined || more.length > 0 || error.index !== 0 || error.input_array !== inputArray)
    throw new Error(`expected one error of ${inputArray} 0, got ${JSON.stringify(result)}`);
  return error.type;
};

/** A parsed object that has to be valid. */
export const accepted = (inputArray: InputArray, sent: Json, rules = defaultTrackRules): TrackObject => {
  const result = parseOne(inputArray, sent, rules);
  if (typeof result === 'string') throw new Error(`refused: ${result}`);
  return result;
};

/** The profile fields that an attributes object of user `u` writes, or the text of its error. */
export const fieldsOf = (sent: JsonObject, rules = defaultTrackRules): ProfileFields | undefined | string => {
  const result = parseOne('attributes', { external_id: 'u', ...sent }, rules);
  if (typeof result === 'string') return result;
  const [command] = result.commands;
  return command?.type === 'UpdateAttributes' ? command.data.fields : undefined;
};

/** What the custom attribute `a` of that value is stored as, or why it is dropped. */
export const customOf = (value: Json, more: JsonObject = {}): { stored: Json } | { dropped: DropReason } => {
  const [command] = accepted('attributes', { external_id: 'u', a: value, ...more }).commands;
  if (command?.type !== 'UpdateAttributes') throw new Error('nothing stored');
  const [dropped] = command.data.dropped ?? [];
  if (dropped) return { dropped: dropped.reason };
  if (!command.data.custom) throw new Error('nothing stored');
  return { stored: command.data.custom['a']! };
};
