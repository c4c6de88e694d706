import type { CustomEventRecorded, JsonObject } from '@hearth/contracts';

import { readAppId } from './app-id.ts';
import { refusals, type Refusal } from './errors.ts';
import { readEventTime } from './event-time.ts';
import type { Identity } from './identifiers.ts';
import { MAX_CHARS } from './limits.ts';
import { afterContact, type ObjectReading } from './object-reading.ts';
import type { Writable } from './profile-fields.ts';
import { EVENT_RESERVED, readProperties } from './properties.ts';
import { isLonger } from './text-length.ts';
import type { TrackRules } from './track-rules.ts';

/** Reads an event object (user-data API §9). A blocklisted event is valid and asks for nothing. */
export const readEventObject = (
  object: JsonObject,
  identity: Identity,
  rules: TrackRules,
  now: number,
  bytesAtMost: number,
): ObjectReading | Refusal => {
  const { name } = object;
  if (name === undefined || name === null) return refusals.required('name');
  if (typeof name !== 'string' || name === '' || isLonger(name, MAX_CHARS)) return refusals.invalid('name');
  const time = readEventTime(object['time'], now);
  if (typeof time === 'string') return time;
  const properties = readProperties(object['properties'], EVENT_RESERVED, bytesAtMost);
  if (typeof properties === 'string') return properties;
  const appId = readAppId(object['app_id'], rules);

  const select = { custom_events: [name] };
  if (rules.blocklistedEvents.has(name)) return { commands: [], select };
  const data: Writable<CustomEventRecorded> = { name, time: time.iso };
  if (appId !== undefined) data.app_id = appId;
  if (properties !== undefined) data.properties = properties;
  return { commands: afterContact({ type: 'RecordCustomEvent', data }, identity, rules), select };
};
