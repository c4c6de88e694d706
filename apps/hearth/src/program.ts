import { Command, CommanderError, InvalidArgumentError } from 'commander';

import { addApiKeysCommands, withServerOptions } from './api-keys-program.ts';
import { logExport } from './commands/log-export.ts';
import { logImport } from './commands/log-import.ts';
import { rebuild } from './commands/rebuild-profiles.ts';
import { replay, type ReplayOptions } from './commands/replay.ts';
import { unmerge, type UnmergeOptions } from './commands/unmerge.ts';
import type { CommandContext } from './context.ts';
import { describeFailure, Failure } from './failure.ts';
import { parseIdentifier } from './replay/parse-identifier.ts';
import { parseUntil } from './replay/parse-until.ts';
import { addWorkspaceCommands } from './workspace-program.ts';

/** Exit codes: what was asked for could not be done, was not understood, or was done and showed a difference. */
export const FAILED = 1;
export const USAGE = 2;
export const DIFFERENT = 3;

const IDENTIFIERS = `
Identifiers:
  external_id:<id>            user_alias:<label>:<name>
  braze_id:<24 hex digits>    email:<address>    phone:<+number>

An email or phone is looked up in the profiles, or in the whole log where there are none.`;

const SETTINGS = `
The log is the one that HEARTH_DATA_DIR and HEARTH_EVENT_STORE name, as for the services.
Data goes to standard output, everything else to standard error.`;

export interface ProgramIo {
  /** Gives what a command works with; throws where the settings are not usable. */
  readonly context: () => CommandContext;
  /** Standard output, for help that was asked for. */
  readonly print: (text: string) => void;
  /** Standard error. */
  readonly complain: (text: string) => void;
}

/** A reader of an option's text, whose refusal is one of the usage. */
const read =
  <Value>(parse: (text: string) => Value) =>
  (text: string): Value => {
    try {
      return parse(text);
    } catch (error) {
      throw error instanceof Failure ? new InvalidArgumentError(error.message) : error;
    }
  };

/** Runs what the arguments ask for, and answers the exit code. Never throws. */
export const runProgram = async (
  args: readonly string[],
  { context, print, complain }: ProgramIo,
): Promise<number> => {
  let code = 0;
  const program = new Command('hearth')
    .description(
      'Looks into the log of a Hearth deployment, copies it, proves its read models, and administers a running server.',
    )
    .exitOverride()
    .configureOutput({ writeOut: print, writeErr: complain })
    .showHelpAfterError()
    .addHelpText('after', SETTINGS);

  program
    .command('replay')
    .description('print what happened to one user, event by event, and the profile that it adds up to')
    .requiredOption('--user <identifier>', 'whom', read(parseIdentifier))
    .option(
      '--until <time|revision>',
      'stop there: the last revision, or a time in ISO 8601 (UTC without an offset)',
      read(parseUntil),
    )
    .option('--json', 'a JSON object a line: {"event", "changes"} each, then {"profile"}')
    .addHelpText('after', IDENTIFIERS)
    .action((options: ReplayOptions) => replay(context(), options));

  program
    .command('rebuild')
    .description('fold a read model from the log anew')
    .command('profiles')
    .description('fold every profile anew, compare the result with the present one, and put it in its place')
    .addHelpText(
      'after',
      '\nThe services must be stopped. Exit code: 0 where the result equals the present profiles, 3 where it does not,' +
        '\nwhich are then kept beside it, 1 where it could not be done.',
    )
    .action(async () => {
      if (!(await rebuild(context()))) code = DIFFERENT;
    });

  const log = program.command('log').description('copy a whole log');
  log
    .command('export')
    .description('write the log, up to its head now, as lines of JSON that end in a checksum')
    .option('--out <file>', 'where to; standard output by default')
    .addHelpText(
      'after',
      '\nThe services may be running. The file is there when it is whole, and not before.',
    )
    .action((options: { out?: string }) => logExport(context(), options));
  log
    .command('import')
    .description('fill an empty log from a file that `log export` wrote')
    .argument('<file>', 'the archive')
    .addHelpText(
      'after',
      '\nThe services must be stopped, and the secret must be the one that the log was written under. The file is' +
        '\nverified first. An import that was interrupted is finished by running it again.',
    )
    .action((file: string) => logImport(context(), file));

  withServerOptions(program.command('unmerge'))
    .description('take a merge back, on a running server: both users are there again')
    .requiredOption(
      '--user <identifier>',
      'the user who was merged away, or the one who stayed',
      read(parseIdentifier),
    )
    .addHelpText(
      'after',
      '\nAn email or phone does not do, since many users may have it. The key needs the permission "hearth.users.unmerge".',
    )
    .action((options: UnmergeOptions) => unmerge(context(), options));
  addApiKeysCommands(program, context);
  addWorkspaceCommands(program, context);

  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
    complain(`hearth: ${describeFailure(error)}\n`);
    return FAILED;
  }
};
