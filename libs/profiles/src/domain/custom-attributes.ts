import type { AttributesUpdated, Json, JsonObject } from '@hearth/contracts';
import { applyOperation, defaultOptions } from './attributes/apply-operation.ts';
import type { Copies } from './copies.ts';
import { isFullFor, own, put, remove } from './own-properties.ts';
import { rejection, type RecordedRejection } from './rejections.ts';
import { longerThan } from './text.ts';

const MAX_NAME_CHARACTERS = 255;

const badName = (name: string): boolean =>
  name === '' || name.charCodeAt(0) === 0x24 || longerThan(name, MAX_NAME_CHARACTERS);

/** The custom attributes after one attributes object, and what of it was left out. */
export const updateCustomAttributes = (
  attributes: JsonObject,
  { custom = {}, merge_objects, list_limits }: AttributesUpdated,
  event: { readonly revision: number; readonly received_at: string },
  copies?: Copies,
): { attributes: JsonObject; rejected: readonly RecordedRejection[] } => {
  const options = merge_objects ? { ...defaultOptions, merge: true } : defaultOptions;
  const rejected: RecordedRejection[] = [];
  let fresh: { [name: string]: Json } | undefined;

  // No list of keys is made here: what came out of the log inherits nothing that could be met.
  for (const name in custom) {
    if (badName(name)) {
      rejected.push(rejection(event, 'bad_name', name));
      continue;
    }
    const found = own(fresh ?? attributes, name);
    const listLimit = list_limits && own(list_limits, name);
    const outcome = applyOperation(
      found,
      custom[name]!,
      listLimit === undefined ? options : { ...options, listLimit },
    );
    if (outcome.rejected !== undefined) rejected.push(rejection(event, outcome.rejected, name));
    if (outcome.value === found) continue;
    if (found === undefined && isFullFor(fresh ?? attributes, name)) {
      rejected.push(rejection(event, 'too_many_names', name));
      continue;
    }
    fresh ??= copies ? copies.of(attributes) : { ...attributes };
    if (outcome.value === undefined) remove(fresh, name);
    else put(fresh, name, outcome.value);
  }
  return { attributes: fresh ?? attributes, rejected };
};
