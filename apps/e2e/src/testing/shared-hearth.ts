import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';

import { get, post, type Answer, type CallOptions } from './client.ts';
import { freePort, startHearth, type HearthProcess } from './hearth-process.ts';

/** A profile as an export shows it. */
export type Exported = Record<string, unknown>;

/** One Hearth for all tests of a file, and the calls they make. */
export interface SharedHearth {
  readonly url: () => string;
  readonly post: (path: string, body: unknown, options?: CallOptions) => Promise<Answer>;
  readonly get: (
    path: string,
    query?: Readonly<Record<string, string | readonly string[]>>,
  ) => Promise<Answer>;
  readonly track: (body: unknown) => Promise<Answer>;
  readonly sync: (body: unknown) => Promise<Answer>;
  /** Writes one attributes object and answers with the custom attributes that it named, as stored. */
  readonly attributes: (object: object) => Promise<unknown>;
  /** Records one event or purchase and answers with the totals of it. */
  readonly totals: (kind: 'events' | 'purchases', object: object) => Promise<Totals>;
  /** What `/users/export/ids` answers, with every write so far in it. */
  readonly exportIds: (body: object) => Promise<Answer['body'] & { readonly users: readonly Exported[] }>;
  /** The one profile that an identifier names, or undefined. Fails where it names several. */
  readonly profile: (identifier: object) => Promise<Exported | undefined>;
}

export interface Totals {
  readonly first: string;
  readonly last: string;
  readonly count: number;
}

/** For a start or a stop on a machine that has other work to do. */
const SLOW_MS = 120_000;

/** Starts a Hearth before the tests of a file and stops it after them. */
export const shareHearth = (env: Readonly<Record<string, string>> = {}): SharedHearth => {
  let hearth: HearthProcess;
  let folder: string;
  let newest: string | undefined;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hearth-shared-'));
    hearth = await startHearth('embedded', {
      HEARTH_DATA_DIR: folder,
      HEARTH_PORT: String(await freePort()),
      ...env,
    });
  }, SLOW_MS);
  afterAll(async () => {
    hearth.kill('SIGTERM');
    await hearth.exited;
    await rm(folder, { recursive: true });
  }, SLOW_MS);

  const call: SharedHearth['post'] = async (path, body, options) => {
    const answer = await post(hearth.url, path, body, options);
    newest = answer.headers.get('x-hearth-position') ?? newest;
    return answer;
  };
  const sync = (body: unknown) => call('/users/track/sync', body);
  const userOf = async (body: unknown): Promise<Record<string, unknown> | undefined> => {
    const answer = await sync(body);
    expect(answer.status).toBe(201);
    return (answer.body['users'] as Record<string, unknown>[])[0];
  };
  const exportIds: SharedHearth['exportIds'] = async (body) => {
    const answer = await call('/users/export/ids', body, {
      ...(newest !== undefined && { headers: { 'x-hearth-min-position': newest } }),
    });
    expect(answer).toMatchObject({ status: 201, body: { message: 'success' } });
    return answer.body as Answer['body'] & { users: Exported[] };
  };
  return {
    url: () => hearth.url,
    post: call,
    get: (path, query) => get(hearth.url, path, query),
    track: (body) => call('/users/track', body),
    sync,
    attributes: async (object) => (await userOf({ attributes: object }))?.['custom_attributes'],
    totals: async (kind, object) => {
      const user = await userOf({ [kind]: object });
      const [totals] = user![kind === 'events' ? 'custom_events' : 'purchase_events'] as Totals[];
      return totals!;
    },
    exportIds,
    profile: async (identifier) => {
      const { users } = await exportIds(identifier);
      expect(users.length).toBeLessThanOrEqual(1);
      return users[0];
    },
  };
};

export const VALID_DATA = "Valid data must be provided in the 'attributes', 'events', or 'purchases' fields.";

export const now = (): string => new Date().toISOString();
