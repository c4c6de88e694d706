import { existsSync } from 'node:fs';
import { link, rename, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { EventStore } from '@hearth/eventing';
import {
  dumpHashOnThread,
  FOLD_VERSION,
  openReadModel,
  PROFILES_FILE,
  rebuildProfiles,
  startProjection,
  type RebuiltProfiles,
} from '@hearth/profiles';

import type { CommandContext } from '../context.ts';
import { Failure } from '../failure.ts';
import { counted } from '../output/progress.ts';
import { openProfilesFile, settleDatabase } from '../profiles-file.ts';

/** Each thread passes over the whole log, and they write in turns: with more of them little is won. */
const MOST_THREADS = 4;

/**
 * Folds every profile anew from the log, and puts the result in the place of the present read model. Answers whether the
 * two were equal at the same head; where they were not, the one that was there is kept beside the new one.
 */
export const rebuild = async (context: CommandContext): Promise<boolean> => {
  const { logs, dataDir, now, write, say } = context;
  const file = join(dataDir, PROFILES_FILE);
  const draft = `${file}.rebuild`;
  const log = await logs.openReader();
  await log.close();
  const store = await logs.openStore();
  try {
    const head = await store.head();
    await bringToHead(context, store, file);
    await removeDatabase(draft);
    try {
      const began = now();
      let hashing: Promise<string> | undefined;
      const rebuilt = await foldAnew(context, store, {
        draft,
        total: eventsIn(file),
        onFolded: () => {
          hashing = dumpHashOnThread(file);
          hashing.catch(() => undefined); // the rebuild may fail before anybody waits for this
        },
      });
      const seconds = (now() - began) / 1_000;
      const present = await hashing;
      if ((await store.head()) !== head)
        throw new Failure(
          'events were added to the log meanwhile: stop every service on it, then run this again',
        );
      await write(report(rebuilt, seconds));
      const kept = present === rebuilt.hash ? undefined : `${file}.before-rebuild`;
      await putInPlace(draft, file, kept);
      await write(
        kept === undefined
          ? `equal: the profiles are what they were, ${rebuilt.hash}\n`
          : `different: the profiles were ${present}, now they are ${rebuilt.hash}\n`,
      );
      if (kept !== undefined) say(`the profiles that were there before are kept in ${kept}`);
      return kept === undefined;
    } finally {
      await removeDatabase(draft);
    }
  } finally {
    await store.close();
  }
};

/** Brings the present read model to the head, as a start would. */
const bringToHead = async (
  { partitions, say }: CommandContext,
  store: EventStore,
  file: string,
): Promise<void> => {
  if (!existsSync(file)) say('there was no read model of profiles yet: one is made as the first start would');
  const readModel = await openReadModel({
    file,
    foldVersion: FOLD_VERSION,
    storeId: store.storeId,
    head: await store.head(),
    partitions,
    onRebuild: (reason) => say(`the present profiles are folded anew before they are compared: ${reason}`),
  });
  const projection = startProjection(
    { store, readModel, pause, logger: { info: () => undefined, error: () => undefined } },
    { partitions },
  );
  try {
    await projection.whenCaughtUp();
  } finally {
    await projection.stop();
  }
};

const eventsIn = (file: string): number => {
  const profiles = openProfilesFile(file);
  try {
    return profiles.events();
  } finally {
    profiles.close();
  }
};

const foldAnew = async (
  { logs, partitions, progress, signal }: CommandContext,
  store: EventStore,
  {
    draft,
    total,
    onFolded,
  }: { readonly draft: string; readonly total: number; readonly onFolded: () => void },
): Promise<RebuiltProfiles> => {
  const shown = progress('rebuilding profiles');
  try {
    return await rebuildProfiles({
      store,
      file: draft,
      partitions,
      log: logs.module,
      threads: Math.min(availableParallelism(), MOST_THREADS),
      signal,
      onFolded,
      onProgress: (events) => shown.update(events, Math.max(events, total)),
    });
  } finally {
    shown.stop();
  }
};

const report = ({ events }: RebuiltProfiles, seconds: number): string => {
  const rate = counted(Math.round(events / Math.max(seconds, 0.001)));
  return `folded ${counted(events)} events in ${seconds.toFixed(1)} s, ${rate} events/s\n`;
};

/** Everything SQLite and the lock keep beside a database. */
const removeDatabase = async (file: string): Promise<void> => {
  for (const suffix of ['', '-wal', '-shm', '-journal', '.lock', '.lock-journal'])
    await rm(`${file}${suffix}`, { force: true });
};

/**
 * Puts a finished database where another one is, in one step: whenever the power fails, one of the two is there and
 * whole. What lies beside either is carried over into it before, and so belongs to nobody afterwards.
 */
const putInPlace = async (draft: string, file: string, kept: string | undefined): Promise<void> => {
  settleDatabase(draft);
  settleDatabase(file);
  if (kept !== undefined) {
    await removeDatabase(kept);
    await link(file, kept);
  }
  for (const suffix of ['-wal', '-shm']) await rm(`${file}${suffix}`, { force: true });
  await rename(draft, file);
};
