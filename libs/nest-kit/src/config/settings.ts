import {
  ALL_PARTITIONS,
  parsePartitions,
  parseRateLimitOverrides,
  rateLimitBuckets,
  type RateLimitOverrides,
} from '@hearth/contracts';
import { z } from 'zod';
import { parseAddressRange } from './addresses.ts';
import type { Setting } from './setting.ts';

const setting = <Value>(definition: Setting<Value>): Setting<Value> => definition;

/** Digits only: Number() would also take blanks, hexadecimal and exponents. */
const wholeNumber = (least: number, most: number): z.ZodType<number> =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.number().min(least).max(most));

const port = (name: Setting['name'], fallback: number, description: string): Setting<number> => ({
  name,
  schema: wholeNumber(0, 65_535),
  default: String(fallback),
  takes: 'a port, 0 to 65535; 0 takes a free one',
  description,
});

const milliseconds = (name: Setting['name'], fallback: number, description: string): Setting<number> => ({
  name,
  schema: wholeNumber(1, 3_600_000),
  default: String(fallback),
  takes: 'milliseconds, 1 to 3600000',
  description,
});

const flag = (name: Setting['name'], fallback: boolean, description: string): Setting<boolean> => ({
  name,
  schema: z.enum(['true', 'false']).transform((text) => text === 'true'),
  default: String(fallback),
  takes: 'true or false',
  description,
});

const list = (text: string): readonly string[] =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');

/** Not `z.url`: connection strings of clusters list several hosts, which no URL may. */
const url = (protocols: string) => z.string().regex(new RegExp(`^(?:${protocols})://[^\\s/]\\S*$`));

const serviceUrl = (name: Setting['name'], fallback: string, description: string): Setting<string> => ({
  name,
  schema: url('https?').transform((text) => text.replace(/\/+$/, '')),
  default: fallback,
  takes: 'an address such as http://127.0.0.1:8081',
  description,
});

const eventStoreProtocols = 'kurrentdb|kurrentdb\\+discover|kdb|kdb\\+discover|esdb|esdb\\+discover';

/**
 * Every `HEARTH_*` variable there is, in one table: services pick theirs from it, the documentation prints it, and a
 * variable that is not in it is taken for a slip of the pen.
 */
export const settings = {
  port: port('HEARTH_PORT', 8080, 'Port of the REST API, health checks and metrics.'),
  host: setting({
    name: 'HEARTH_HOST',
    schema: z.string().min(1),
    default: '127.0.0.1',
    takes: 'an address to listen on; 0.0.0.0 listens on all of them',
    description: 'Address that the REST API listens on. The container image sets 0.0.0.0.',
  }),
  dataDir: setting({
    name: 'HEARTH_DATA_DIR',
    schema: z.string().min(1),
    default: '.hearth',
    takes: 'a folder that this user may write to',
    description: 'Where the log (SQLite), the read models and the generated secret lie. Made when missing.',
  }),
  eventStore: setting({
    name: 'HEARTH_EVENT_STORE',
    schema: z.union([z.literal('sqlite'), url(eventStoreProtocols)]),
    default: 'sqlite',
    takes: '"sqlite", or a KurrentDB connection string such as kurrentdb://127.0.0.1:2113?tls=false',
    description: 'Where events are stored.',
    secret: true,
  }),
  natsUrl: setting({
    name: 'HEARTH_NATS_URL',
    schema: url('nats|tls|wss?').optional(),
    takes: 'an address such as nats://127.0.0.1:4222',
    description: 'The NATS server between the services. Unset, `npm run stack` starts one of its own.',
    secret: true,
  }),
  apiKey: setting({
    name: 'HEARTH_API_KEY',
    schema: z
      .string()
      .regex(/^[\x21-\x7e]{8,256}$/)
      .optional(),
    takes: '8 to 256 printable characters without spaces',
    description: 'A REST API key with every permission.',
    secret: true,
  }),
  allowLegacyApiKey: flag(
    'HEARTH_ALLOW_LEGACY_API_KEY',
    false,
    'Whether calls without an Authorization header may carry their key as `api_key` in the query or the body, as old clients do.',
  ),
  rateLimits: setting({
    name: 'HEARTH_RATE_LIMITS',
    schema: z.enum(['open', 'braze']),
    default: 'open',
    takes: 'open or braze',
    description: 'Whether calls are limited: not at all, or as the hosted service limits them.',
  }),
  rateLimitOverrides: setting<RateLimitOverrides>({
    name: 'HEARTH_RATE_LIMIT_OVERRIDES',
    schema: z
      .string()
      .default('')
      .transform((text, context) => {
        const overrides = parseRateLimitOverrides(text);
        if (overrides) return overrides;
        context.addIssue('is no list of limits');
        return z.NEVER;
      }),
    takes:
      'a list such as users.track=100/1s,users.track.sync=0 (calls in seconds, minutes or hours; 0 is none), out of ' +
      rateLimitBuckets.join(', '),
    description: 'Limits of single buckets, over what HEARTH_RATE_LIMITS says.',
  }),
  rateLimitReset: setting({
    name: 'HEARTH_RATE_LIMIT_RESET',
    schema: z.enum(['epoch', 'seconds']),
    default: 'epoch',
    takes: 'epoch or seconds',
    description:
      'What X-RateLimit-Reset says: the UTC epoch second at which the window ends, or the seconds left.',
  }),
  trustProxy: setting({
    name: 'HEARTH_TRUST_PROXY',
    schema: z
      .string()
      .default('')
      .transform(list)
      .refine((entries) => entries.every((entry) => parseAddressRange(entry) !== undefined)),
    takes: 'addresses and subnets such as 127.0.0.1,10.0.0.0/8',
    description:
      'The proxies whose X-Forwarded-For is believed, for API keys that are bound to addresses. Unset, the address is the one of the connection.',
  }),
  secret: setting({
    name: 'HEARTH_SECRET',
    schema: z.string().min(32).max(1024).optional(),
    takes: 'at least 32 characters, such as the output of `openssl rand -hex 32`',
    description:
      'Keys the hashes of identifiers and the ids of profiles. The same for every service, and for the life of the log. ' +
      'Unset, it is made at the first start in the data folder.',
    secret: true,
  }),
  partitions: setting({
    name: 'HEARTH_PARTITIONS',
    schema: z.string().refine((text) => parsePartitions(text) !== undefined),
    default: ALL_PARTITIONS,
    takes: 'ranges of two hex digits such as 00-7f or 00-0f,80-ff',
    description: 'The partitions of profiles that this instance owns. Each has one owner.',
  }),
  exportUrl: setting({
    name: 'HEARTH_EXPORT_URL',
    schema: z
      .string()
      .refine((text) => /^(?:file:\/\/\/|https:\/\/)/.test(text) && URL.canParse(text))
      .optional(),
    takes: 'a folder such as file:///var/exports, or an object store such as https://bucket.example.com',
    description:
      'Where exports of segments go; to an object store, files are PUT. Unset, they go to `exports` in the data folder.',
    secret: true,
  }),
  allowPrivateCallbacks: setting({
    name: 'HEARTH_ALLOW_PRIVATE_CALLBACKS',
    schema: z.enum(['true', 'false']).transform((text) => text === 'true'),
    default: 'false',
    takes: 'true or false',
    description: 'Whether callbacks of exports may call loopback, private and link-local addresses.',
  }),
  baseCurrency: setting({
    name: 'HEARTH_BASE_CURRENCY',
    schema: z.string().regex(/^[A-Z]{3}$/),
    default: 'USD',
    takes: 'an ISO 4217 code such as USD or EUR',
    description: 'The currency whose purchases make up the `total_revenue` of exported profiles.',
  }),
  logLevel: setting({
    name: 'HEARTH_LOG_LEVEL',
    schema: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    default: 'info',
    takes: 'trace, debug, info, warn, error, fatal or silent',
    description: 'The least that is logged.',
  }),
  logFormat: setting({
    name: 'HEARTH_LOG_FORMAT',
    schema: z.enum(['pretty', 'json']),
    default: 'pretty',
    takes: 'pretty or json',
    description: 'Lines for people, or one JSON object a line. The container image sets json.',
  }),
  syncTimeoutMs: milliseconds(
    'HEARTH_SYNC_TIMEOUT_MS',
    5_000,
    'How long a synchronous write waits for the profile that it answers with.',
  ),
  idempotencyRetentionHours: setting({
    name: 'HEARTH_IDEMPOTENCY_RETENTION_HOURS',
    schema: wholeNumber(1, 8_760),
    default: '168',
    takes: 'hours, 1 to 8760',
    description: 'How long a request that is sent again with its `Idempotency-Key` gets the first answer.',
  }),
  trackLimitMode: setting({
    name: 'HEARTH_TRACK_LIMIT_MODE',
    schema: z.enum(['per_array', 'combined']),
    default: 'per_array',
    takes: 'per_array or combined',
    description:
      'Whether the limit on objects of a `/users/track` request holds for each array or for all together.',
  }),
  trackLimit: setting({
    name: 'HEARTH_TRACK_LIMIT',
    schema: wholeNumber(1, 10_000),
    default: '75',
    takes: 'a number of objects, 1 to 10000',
    description: 'How many objects a `/users/track` request may carry.',
  }),
  strictPrimary: flag(
    'HEARTH_STRICT_PRIMARY',
    true,
    'Refuse objects with more than one of external_id, user_alias and braze_id; else the first in this order counts.',
  ),
  writeSecondaryFromEvents: flag(
    'HEARTH_WRITE_SECONDARY_FROM_EVENTS',
    true,
    'Write the email or phone that an event or purchase carries beside its identifier to the profile.',
  ),
  phoneRegion: setting({
    name: 'HEARTH_PHONE_REGION',
    schema: z
      .string()
      .regex(/^[A-Z]{2}$/)
      .optional(),
    takes: 'an ISO 3166 country code such as US',
    description:
      'The country of phone numbers without a country code. Unset, such numbers are read as if the plus were missing.',
  }),
  shutdownTimeoutMs: milliseconds(
    'HEARTH_SHUTDOWN_TIMEOUT_MS',
    8_000,
    'How long a service that was told to stop may take to finish what is in flight.',
  ),
  ingestionPort: port('HEARTH_INGESTION_PORT', 8081, 'Port of ingestion in `npm run stack`.'),
  profileProjectionPort: port(
    'HEARTH_PROFILE_PROJECTION_PORT',
    8082,
    'Port of profile-projection in `npm run stack`.',
  ),
  eventstorePort: port('HEARTH_EVENTSTORE_PORT', 8083, 'Port of the log process in `npm run stack`.'),
  natsPort: port('HEARTH_NATS_PORT', 0, 'Port of the nats-server that `npm run stack` starts.'),
  ingestionUrl: serviceUrl(
    'HEARTH_INGESTION_URL',
    'http://127.0.0.1:8081',
    'Where the gateway finds ingestion.',
  ),
  profileProjectionUrl: serviceUrl(
    'HEARTH_PROFILE_PROJECTION_URL',
    'http://127.0.0.1:8082',
    'Where the gateway finds profile-projection.',
  ),
} as const;

/** What every service that listens on HTTP takes. */
export const serviceSettings = {
  port: settings.port,
  host: settings.host,
  logLevel: settings.logLevel,
  logFormat: settings.logFormat,
  shutdownTimeoutMs: settings.shutdownTimeoutMs,
} as const;

/** How bodies of track requests are read: what every process that serves ingestion takes. */
export const trackSettings = {
  trackLimitMode: settings.trackLimitMode,
  trackLimit: settings.trackLimit,
  strictPrimary: settings.strictPrimary,
  writeSecondaryFromEvents: settings.writeSecondaryFromEvents,
  phoneRegion: settings.phoneRegion,
} as const;

/** What every service that serves endpoints of the REST API takes. */
export const apiAccessSettings = {
  apiKey: settings.apiKey,
  allowLegacyApiKey: settings.allowLegacyApiKey,
  rateLimits: settings.rateLimits,
  rateLimitOverrides: settings.rateLimitOverrides,
  rateLimitReset: settings.rateLimitReset,
  trustProxy: settings.trustProxy,
} as const;
