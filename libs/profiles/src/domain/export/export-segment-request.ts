import { isJsonObject, type Json } from '@hearth/contracts';
import type { RefusedRequest } from './export-ids-request.ts';

export type OutputFormat = 'zip' | 'gzip';

/** An export of the users of a segment, as asked for (user-data API §13.3). */
export interface ExportSegmentRequest {
  readonly segment_id: string;
  readonly fields: readonly string[];
  /** Attributes by name; none where all are exported anyway. */
  readonly custom_attributes: readonly string[] | undefined;
  readonly callback: string | undefined;
  readonly format: OutputFormat;
}

const MAX_ATTRIBUTES = 500;
const MAX_URL = 2_048;

const notValid = (field: string): RefusedRequest => ({ refused: `'${field}' is not valid` });

/** Reads the body. Whether the callback may be called is for its caller to say. */
export const parseExportSegment = (body: Json): ExportSegmentRequest | RefusedRequest => {
  if (!isJsonObject(body) || !isSet(body['segment_id'])) return { refused: "'segment_id' is required" };
  const { segment_id, fields_to_export, custom_attributes_to_export, callback_endpoint, output_format } =
    body;
  if (typeof segment_id !== 'string') return notValid('segment_id');
  if (!isSet(fields_to_export)) return { refused: "'fields_to_export' is required" };
  if (!isNames(fields_to_export) || fields_to_export.length === 0) return notValid('fields_to_export');
  const attributes = custom_attributes_to_export ?? [];
  if (!isNames(attributes) || attributes.length > MAX_ATTRIBUTES)
    return notValid('custom_attributes_to_export');
  const callback = isSet(callback_endpoint) ? callback_endpoint : undefined;
  if (callback !== undefined && !isHttpUrl(callback)) return notValid('callback_endpoint');
  const format = output_format ?? 'zip';
  if (format !== 'zip' && format !== 'gzip') return notValid('output_format');
  return {
    segment_id,
    fields: fields_to_export,
    custom_attributes:
      attributes.length === 0 || fields_to_export.includes('custom_attributes') ? undefined : attributes,
    callback,
    format,
  };
};

const isSet = (value: Json | undefined): value is Exclude<Json, null> =>
  value !== undefined && value !== null && value !== '';

const isNames = (value: Json): value is readonly string[] =>
  Array.isArray(value) && value.every((name) => typeof name === 'string');

const isHttpUrl = (value: Json): value is string => {
  if (typeof value !== 'string' || value.length > MAX_URL || !URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  return (protocol === 'https:' || protocol === 'http:') && username === '' && password === '';
};
