import { createHistogram } from 'node:perf_hooks';
import { openConnection } from './connection.ts';
import type { Answer } from './response-reader.ts';
import { callsOf, type Call, type Workload } from './workloads.ts';

/** One load: so many connections, each with one call in flight, until the time is up or the workload ends. */
export interface LoadOrder {
  readonly url: string;
  readonly authorization: string;
  readonly workload: Workload;
  readonly connections: number;
  /** When it ends, unless the workload does before: after so much time, or after so many calls. */
  readonly seconds?: number;
  readonly calls?: number;
  readonly seed: number;
}

export interface LoadResult {
  /** Calls that were answered with 201 within the time. */
  readonly calls: number;
  /** Objects that these calls carried. */
  readonly objects: number;
  readonly seconds: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly errors: number;
  readonly firstError?: string;
  /** The processor time of the client, as a share of one core. */
  readonly clientLoad: number;
}

const LONGEST_CALL_US = 60_000_000;
const MICROSECONDS = 1000;

/** Runs a load and counts what comes back. Rejects where a connection cannot be opened. */
export const runLoad = async (order: LoadOrder): Promise<LoadResult> => {
  const histogram = createHistogram({ lowest: 1, highest: LONGEST_CALL_US, figures: 3 });
  const nextCall = callsOf(order.workload, order.seed);
  const url = new URL(order.url);
  const finished = Promise.withResolvers<void>();
  let sent = 0;
  let calls = 0;
  let objects = 0;
  let errors = 0;
  let firstError: string | undefined;
  let running = order.connections;
  let deadline = Infinity;

  const end = (): void => {
    if (--running === 0) finished.resolve();
  };
  const count = (call: Call, answer: Answer, sentAt: number, now: number): void => {
    const complaint = complaintAbout(call, answer);
    if (complaint !== undefined) {
      errors++;
      firstError ??= complaint;
    } else if (now <= deadline) {
      calls++;
      objects += call.objects;
      histogram.record(Math.max(1, Math.round((now - sentAt) * MICROSECONDS)));
    }
  };

  /** Opens one connection; what it answers sends on it, call after call. */
  const open = async (): Promise<() => void> => {
    let call: Call | undefined;
    let sentAt = 0;
    const sendNext = (): void => {
      const goesOn = performance.now() < deadline && sent < (order.calls ?? Infinity);
      call = goesOn ? nextCall() : undefined;
      if (!call) {
        connection.close();
        end();
        return;
      }
      sent++;
      sentAt = performance.now();
      connection.send(requestOf(url, order.authorization, call));
    };
    const connection = await openConnection(url, {
      onAnswer: (answer) => {
        if (call) count(call, answer, sentAt, performance.now());
        sendNext();
      },
      onFailure: (error) => {
        errors++;
        firstError ??= error.message;
        end();
      },
    });
    return sendNext;
  };

  const starts = await Promise.all(Array.from({ length: order.connections }, open));
  const usedBefore = process.cpuUsage();
  const began = performance.now();
  if (order.seconds !== undefined) deadline = began + order.seconds * 1000;
  for (const start of starts) start();
  await finished.promise;
  const elapsedMs = performance.now() - began;
  const used = process.cpuUsage(usedBefore);
  return {
    calls,
    objects,
    seconds: order.seconds ?? elapsedMs / 1000,
    p50: histogram.percentile(50) / MICROSECONDS,
    p99: histogram.percentile(99) / MICROSECONDS,
    errors,
    ...(firstError !== undefined && { firstError }),
    clientLoad: (used.user + used.system) / MICROSECONDS / elapsedMs,
  };
};

/** The bodies are ASCII, so a character is a byte. */
const requestOf = ({ host }: URL, authorization: string, { path, body }: Call): string =>
  `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: ${authorization}\r\n` +
  `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

/** A sync call is answered with the profile after the write; an asynchronous one without a word about a refused object. */
const complaintAbout = ({ path }: Call, { status, body }: Answer): string | undefined => {
  const fine =
    status === 201 && (path === '/users/track/sync' ? body.includes('"visits"') : !body.includes('"errors"'));
  return fine ? undefined : `${path} was answered with ${status} ${body.toString('utf8').slice(0, 300)}`;
};
