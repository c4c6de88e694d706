import type { IncomingHttpHeaders } from 'node:http';
import { randomUuid } from '../random-uuid.ts';

/** Ids go into logs, events and headers: printable, of sane length, nothing that could break a line. */
const sane = /^[A-Za-z0-9._:/+=@-]{1,128}$/;

const usable = (header: string | string[] | undefined): string | undefined =>
  typeof header === 'string' && sane.test(header) ? header : undefined;

/** The correlation id of a request: the caller's where it sent a sane one, else a new UUID. */
export const correlationIdOf = ({ headers }: { readonly headers: IncomingHttpHeaders }): string =>
  usable(headers['x-correlation-id']) ?? usable(headers['x-request-id']) ?? randomUuid();
