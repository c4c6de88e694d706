import { partitionOf, type BrazeId } from './identifiers.ts';

/** The prefix of every user stream of one partition, for server-side filters. */
export const userStreamPrefix = (partition: string): string => `user_${partition}-`;

/** The stream of one user. */
export const userStream = (brazeId: BrazeId): string => `${userStreamPrefix(partitionOf(brazeId))}${brazeId}`;

/** The stream that says whom an identifier names; `hash` is its keyed hash in hex. */
export const identityStream = (hash: string): string => `identity_${hash.slice(0, 2)}-${hash}`;

/** The stream of one API key. */
export const apiKeyStream = (id: string): string => `apikey-${id}`;

/** The prefix of every operation's stream. */
export const OPERATION_STREAMS = 'operation_';

/** The stream of a piece of work over several streams; `id` is a UUID. */
export const operationStream = (id: string): string => `${OPERATION_STREAMS}${id.slice(0, 2)}-${id}`;

/** The prefix of the streams of all requests that came with an idempotency key. */
export const REQUEST_STREAMS = 'request_';

/** The stream of one request with an idempotency key; `hash` is the keyed hash of endpoint and key in hex. */
export const requestStream = (hash: string): string => `${REQUEST_STREAMS}${hash.slice(0, 2)}-${hash}`;
