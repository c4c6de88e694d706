import type { Position } from './position.ts';

/** What every event carries beside its data. The `$` names are KurrentDB's, so its own tools follow them. */
export interface EventMetadata {
  /** One id for everything that one outside request or timer caused. */
  readonly $correlationId: string;
  /** The id of the message or event that caused this one. */
  readonly $causationId: string;
  /** The service that wrote it. */
  readonly source: string;
  /** When Hearth took it in: ISO 8601, UTC, milliseconds. Stores' own clocks are never used. */
  readonly received_at: string;
  /** The version of the shape of `data`; upcasters read it. */
  readonly schema: number;
  /** The stream of the request with an idempotency key that led to it: where its answer is kept. */
  readonly request?: string;
  /** The stream of the operation that it is a step of. */
  readonly operation?: string;
}

/** An event to be appended. `id` is a UUID and the key of idempotency: a retry carries the same one. */
export interface NewEvent<Type extends string = string, Data = unknown> {
  readonly id: string;
  readonly type: Type;
  readonly data: Data;
  readonly metadata: EventMetadata;
}

/** An event as the store gives it back. Revisions count from 0 within a stream and never repeat. */
export interface RecordedEvent<Type extends string = string, Data = unknown> extends NewEvent<Type, Data> {
  readonly stream: string;
  readonly revision: number;
  readonly position: Position;
}
