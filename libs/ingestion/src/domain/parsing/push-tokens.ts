import { isJsonObject, type Json, type JsonObject, type PushToken } from '@hearth/contracts';

import { refusals, type Refusal } from './errors.ts';
import { isPresent } from './identifiers.ts';
import { fitsIn } from './json-bytes.ts';
import { MAX_NESTED_BYTES } from './limits.ts';
import type { TrackRules } from './track-rules.ts';
import { utf8Bytes } from './utf8-bytes.ts';

/**
 * Reads `push_tokens` (user-data API §4.3, §7.1). A token without a device gets one that is made of app and token, so that
 * the same token sent again is the same device.
 *
 * @returns the tokens, null to clear them all, or the refusal of the object.
 */
export const readPushTokens = (
  sent: Json,
  { appIds, deviceIdOf }: TrackRules,
): readonly PushToken[] | null | Refusal => {
  if (sent === null) return null;
  if (!Array.isArray(sent)) return refusals.pushTokens;
  const tokens: PushToken[] = [];
  for (const item of sent as readonly Json[]) {
    if (!isJsonObject(item)) return refusals.pushTokens;
    const { app_id: appId, token, device_id: sentDevice } = item;
    if (typeof token !== 'string' || token === '') return refusals.pushToken;
    if (typeof appId !== 'string' || appId === '' || appIds?.has(appId) === false)
      return refusals.pushTokenApp;
    const deviceId = sentDevice ?? deviceIdOf(appId, token);
    if (typeof deviceId !== 'string' || (deviceId === sentDevice && !isDeviceId(deviceId)))
      return refusals.pushTokenDevice;
    tokens.push({ app_id: appId, token, device_id: deviceId });
  }
  return fitsIn(MAX_NESTED_BYTES, sent) ? tokens : refusals.invalid('push_tokens');
};

const isDeviceId = (value: string): boolean => {
  const bytes = utf8Bytes(value);
  return bytes >= 8 && bytes <= 255;
};

/**
 * Whether an attributes object is an import of push tokens (§7.3). One needs tokens and neither external_id nor braze_id.
 */
export const isPushTokenImport = (object: JsonObject): boolean | Refusal => {
  const flag = object['push_token_import'];
  if (flag === undefined || flag === null || flag === false) return false;
  if (flag !== true) return refusals.invalid('push_token_import');
  const { external_id: externalId, braze_id: brazeId, push_tokens: tokens } = object;
  if (isPresent(externalId) || isPresent(brazeId) || !isPresent(tokens)) return refusals.pushTokenImport;
  return Array.isArray(tokens) && tokens.length === 0 ? refusals.pushTokenImport : true;
};
