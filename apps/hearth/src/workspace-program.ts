import { FORCED_TYPES } from '@hearth/contracts';
import { Argument, InvalidArgumentError, Option, type Command } from 'commander';

import { withServerOptions } from './api-keys-program.ts';
import type { CommandContext } from './context.ts';
import type { ServerOptions } from './rest-client.ts';
import {
  BLOCKLISTS,
  changeBlocklist,
  createGroup,
  forceType,
  limitList,
  registerApp,
  showWorkspace,
} from './commands/workspace.ts';

const NONE = 'none';

const limit = (text: string): number | null => {
  if (text === NONE) return null;
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError(`a whole number, or "${NONE}"`);
  return Number(text);
};

const blocklist = (): Argument => new Argument('<list>', 'which').choices(BLOCKLISTS);

const SERVER = `
Asks a running server. Its key needs the permission "hearth.workspace".`;

/** `hearth workspace …` */
export const addWorkspaceCommands = (program: Command, context: () => CommandContext): void => {
  const workspace = program.command('workspace').description('see and change what the workspace is set to');
  const command = (nameAndArgs: string, description: string): Command =>
    withServerOptions(workspace.command(nameAndArgs).description(description)).addHelpText('after', SERVER);

  command('show', 'print everything the workspace is set to').action((options: ServerOptions) =>
    showWorkspace(context(), options),
  );
  command('register-app', 'register an app, and print its id')
    .argument('<name>', 'what people call it')
    .option('--id <app_id>', 'the id it has already; a new one by default')
    .option('--platform <platform>', 'such as ios or android')
    .action((name: string, options: Parameters<typeof registerApp>[2]) =>
      registerApp(context(), name, options),
    );
  command('create-group', 'create a subscription group, and print its id')
    .argument('<name>', 'what people call it')
    .addOption(
      new Option('--channel <channel>', 'what it sends').choices(['email', 'sms']).makeOptionMandatory(),
    )
    .option('--id <uuid>', 'the id it has already; a new one by default')
    .action((name: string, options: Parameters<typeof createGroup>[2]) =>
      createGroup(context(), name, options),
    );
  command('block', 'add names to a blocklist, and print it')
    .addArgument(blocklist())
    .argument('<names...>', 'of attributes or events, or external ids')
    .action((list: string, add: string[], options: ServerOptions) =>
      changeBlocklist(context(), { list, add }, options),
    );
  command('unblock', 'take names off a blocklist, and print it')
    .addArgument(blocklist())
    .argument('<names...>', 'of attributes or events, or external ids')
    .action((list: string, remove: string[], options: ServerOptions) =>
      changeBlocklist(context(), { list, remove }, options),
    );
  command('force-type', 'hold a custom attribute to a data type')
    .argument('<attribute>', 'its name')
    .addArgument(new Argument('<type>', 'the type').choices([...FORCED_TYPES, NONE]))
    .action((name: string, type: string, options: ServerOptions) =>
      forceType(context(), { name, type: type === NONE ? null : type }, options),
    );
  command('limit-list', 'set how many items an array attribute keeps')
    .argument('<attribute>', 'its name')
    .argument('<limit>', `how many, or "${NONE}" for the default`, limit)
    .action((name: string, items: number | null, options: ServerOptions) =>
      limitList(context(), { name, limit: items }, options),
    );
};
