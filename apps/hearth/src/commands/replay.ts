import { join } from 'node:path';
import type { Identifier } from '@hearth/contracts';
import { readFingerprint } from '@hearth/log-archive';
import { PROFILES_FILE } from '@hearth/profiles';

import type { CommandContext } from '../context.ts';
import { Failure } from '../failure.ts';
import { findUser } from '../replay/find-user.ts';
import { findContacts } from '../replay/find-contacts.ts';
import type { Until } from '../replay/parse-until.ts';
import { replayAsJson, replayAsText } from '../replay/replay-output.ts';
import { replayUser } from '../replay/replay-user.ts';

export interface ReplayOptions {
  readonly user: Identifier;
  readonly until?: Until;
  readonly json?: true;
}

/** Prints a user's events one by one, what each changed, and the profile they add up to. */
export const replay = async (
  context: CommandContext,
  { user, until, json }: ReplayOptions,
): Promise<void> => {
  const { logs, dataDir, write, say, progress, signal } = context;
  const output = json ? replayAsJson : replayAsText;

  const log = await logs.openReader();
  try {
    const fingerprint = await readFingerprint(log);
    const brazeId = await findUser(
      {
        log,
        secret: () => secretOf(context, fingerprint),
        findByContact: async (contact) => {
          const shown = progress('reading the log');
          try {
            const file = join(dataDir, PROFILES_FILE);
            return await findContacts({ log, file, say, progress: (events) => shown.update(events) })(
              contact,
            );
          } finally {
            shown.stop();
          }
        },
      },
      user,
    );
    let isFirst = true;
    const end = await replayUser(log, brazeId, {
      ...(until && { until }),
      onEvent: async (replayed) => {
        signal.throwIfAborted();
        const { revision } = replayed.event;
        if (isFirst && revision > 0) say(`the events before revision ${revision} were erased`);
        isFirst = false;
        await write(output.event(replayed));
      },
    });
    await write(output.end(brazeId, end));
  } finally {
    await log.close();
  }
};

/** The secret, where it is the one that the log was written under: another one would find nobody. */
const secretOf = ({ secret }: CommandContext, fingerprint: string | undefined): string => {
  const own = secret();
  if (own === undefined)
    throw new Failure(
      'finding a user by this identifier takes the secret that the log was written under, and none is set: ' +
        'set HEARTH_SECRET, or name the user by braze_id',
    );
  if (fingerprint !== undefined && own.fingerprint !== fingerprint)
    throw new Failure(
      `the log was written under the secret with fingerprint ${fingerprint}, and the one set here has ` +
        `${own.fingerprint}: set HEARTH_SECRET to the former, or name the user by braze_id`,
    );
  return own.value;
};
