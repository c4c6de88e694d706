import type { Json, Permission } from '@hearth/contracts';
import type { z } from 'zod';

/** The header that says where the log stands with a write. A read takes its value as `min_position`. */
export const POSITION_HEADER = 'X-Hearth-Position' as const;

/**
 * One endpoint of the REST API, declared once: its route, access check, validation and page of the OpenAPI document all come
 * from here. Schemas are in the words of the wire.
 */
export interface Endpoint {
  readonly method: 'GET' | 'POST';
  /** From the root, without a trailing slash. */
  readonly path: `/${string}`;
  readonly permission: Permission;
  /** A write takes an `Idempotency-Key` and answers with `X-Hearth-Position`. */
  readonly kind: 'read' | 'write';
  /** Its answer must not be kept, since it shows a secret once: an `Idempotency-Key` is refused. */
  readonly answerIsSecret?: true;
  /** The largest body in bytes, where it is not that of all endpoints. */
  readonly bodyLimitBytes?: number;
  /** One line for the document. */
  readonly summary: string;
  /** The JSON body of a POST, as clients may send it. */
  readonly body?: z.ZodType;
  /** The query string of a GET. */
  readonly query?: z.ZodType;
  /** Bodies of answers by status. What every endpoint may answer (401, 403, 429 …) is added by the document. */
  readonly responses: Readonly<Record<number, z.ZodType>>;
  /** At least one for each documented form. */
  readonly examples?: readonly EndpointExample[];
}

/** A request and what it is answered with, as the document shows them and a test holds them. */
export interface EndpointExample {
  readonly name: string;
  readonly request: Json;
  readonly status: number;
  readonly response: Json;
}
