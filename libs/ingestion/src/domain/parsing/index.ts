export { isFatal, type FatalError, type ObjectError } from './errors.ts';
export type { IdentifierEcho } from './identifiers.ts';
export { parseJsonBody } from './json-body.ts';
export { INPUT_ARRAYS, type InputArray } from './input-array.ts';
export { isImport, type PushTokenImport, type TrackObject } from './track-object.ts';
export { asPhoneRegion } from './phone-numbers.ts';
export { parseTrack, type ProcessedCounts, type TrackRequest } from './track-request.ts';
export { defaultTrackRules, type AttributeRule, type TrackRules } from './track-rules.ts';
export { parseTrackSync, type TrackSyncRequest } from './track-sync-request.ts';
