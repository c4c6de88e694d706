import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

import { openSqliteEventStore } from './event-store.ts';
import { logWriter } from './log-writer.ts';
import { streamReader } from './stream-reader.ts';

const STREAM = 'stream-1';

/** The file of a log with three events on one stream. */
const logFile = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-reader-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'log.db');
  const store = await openSqliteEventStore({ file });
  const metadata = {
    $correlationId: 'c',
    $causationId: 'c',
    source: 's',
    received_at: '2026-01-01T00:00:00.000Z',
    schema: 1,
  };
  const events = [1, 2, 3].map((n) => ({ id: randomUUID(), type: 'Happened', data: { n }, metadata }));
  await store.append(STREAM, events, { expectedRevision: 'no_stream' });
  await store.close();
  return file;
};

it.each(['forwards', 'backwards'] as const)(
  'read %s, a stream that is erased by another thread meanwhile has no empty events',
  async (direction) => {
    const file = await logFile();
    const db = new DatabaseSync(file);
    onTestFinished(() => db.close());
    let erasures = 0;
    const erase = (): void => {
      if (erasures++ > 0) return;
      const writer = new DatabaseSync(file);
      writer.exec('BEGIN');
      logWriter(writer).erase(STREAM, 2);
      writer.exec('COMMIT');
      writer.close();
    };
    const prepare = (sql: string): StatementSync => {
      const statement = db.prepare(sql);
      if (!sql.includes('erased_before')) return statement;
      const get = (name: string): ReturnType<StatementSync['get']> => {
        const row = statement.get(name);
        erase();
        return row;
      };
      return Object.assign(Object.create(statement) as StatementSync, {
        get,
        setReturnArrays: (isOn: boolean) => statement.setReturnArrays(isOn),
      });
    };
    const erased = new Proxy(db, {
      get: (target, key) => {
        if (key === 'prepare') return prepare;
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });

    const { events, lastRevision } = streamReader(erased)(STREAM, { direction, limit: 1_000 });

    expect(erasures).toBe(2);
    expect(lastRevision).toBe(2);
    expect(events.map(({ revision, type }) => [revision, type])).toEqual([[2, 'Happened']]);
  },
);
