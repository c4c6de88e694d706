import { headers, type MsgHdrs } from '@nats-io/transport-node';
import type { MessageContext, MessageHeaders } from '@hearth/messaging';

const DEADLINE = 'Hearth-Deadline';
const CORRELATION = 'Hearth-Correlation-Id';
const CAUSATION = 'Hearth-Causation-Id';
const ERROR = 'Hearth-Error';

/** The room that a message keeps for its headers: the rest of the server's `max_payload` is the payload's. */
export const HEADER_BYTES = 1_024;

/** Ids longer than this on the wire are cut, so that headers keep to their room. */
const MAX_ID_LENGTH = 256;

/** Headers of what is sent; undefined where there is nothing to say, which is cheaper on both sides. */
export const toWire = (ids: MessageHeaders | undefined, deadline?: number): MsgHdrs | undefined => {
  const { correlationId, causationId } = ids ?? {};
  if (deadline === undefined && correlationId === undefined && causationId === undefined) return undefined;
  const wire = headers();
  if (deadline !== undefined) wire.append(DEADLINE, String(deadline));
  if (correlationId !== undefined) wire.append(CORRELATION, encodeId(correlationId));
  if (causationId !== undefined) wire.append(CAUSATION, encodeId(causationId));
  return wire;
};

/** What a handler is told of a message. */
export const fromWire = (subject: string, wire: MsgHdrs | undefined): MessageContext => {
  if (!wire) return { subject, headers: {} };
  const ids: { correlationId?: string; causationId?: string } = {};
  let deadline: number | undefined;
  for (const [name, values] of wire) {
    const value = values[0]!;
    if (name === DEADLINE) deadline = Number(value);
    else if (name === CORRELATION) ids.correlationId = decodeId(value);
    else if (name === CAUSATION) ids.causationId = decodeId(value);
  }
  return deadline === undefined ? { subject, headers: ids } : { subject, headers: ids, deadline };
};

/** Marks an answer as an error with this code; its payload is the message. */
export const errorHeaders = (code: string): MsgHdrs => {
  const wire = headers();
  wire.append(ERROR, encodeId(code));
  return wire;
};

/** The code of an answer that is an error. */
export const errorCodeOf = (wire: MsgHdrs): string | undefined =>
  wire.has(ERROR) ? decodeId(wire.get(ERROR)) : undefined;

/** Ids may come from clients: what a header line cannot carry is percent-encoded. */
const encodeId = (id: string): string => {
  if (/^[\x21-\x24\x26-\x7e]*$/.test(id)) return id.slice(0, MAX_ID_LENGTH);
  const encoded = encodeURIComponent(id.toWellFormed());
  return encoded.length <= MAX_ID_LENGTH ? encoded : encodeURIComponent(id.slice(0, 20).toWellFormed());
};

const decodeId = (value: string): string => {
  if (!value.includes('%')) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
};
