import type { Command } from 'commander';

import { createApiKey, listApiKeys, revokeApiKey, type CreateApiKeyOptions } from './commands/api-keys.ts';
import type { CommandContext } from './context.ts';
import type { ServerOptions } from './rest-client.ts';

const SERVER = `
Asks a running server. Its key needs the permission "hearth.api_keys".`;

/** The options of every command that asks a running server. */
export const withServerOptions = (command: Command): Command =>
  command
    .option('--url <address>', 'the server; http://127.0.0.1:$HEARTH_PORT by default')
    .option('--api-key <key>', 'the key to call it with; $HEARTH_API_KEY by default');

/** `hearth api-keys …` */
export const addApiKeysCommands = (program: Command, context: () => CommandContext): void => {
  const keys = program.command('api-keys').description('make, list and end the keys of the REST API');
  withServerOptions(keys.command('create'))
    .description('make a key, and print it: it is never shown again')
    .requiredOption('--name <name>', 'what it is for')
    .requiredOption('--permission <names...>', 'what it may do, such as users.track; "*" for everything')
    .option('--allow <addresses...>', 'where it may be used from: addresses and subnets; anywhere by default')
    .addHelpText('after', SERVER)
    .action((options: CreateApiKeyOptions) => createApiKey(context(), options));
  withServerOptions(keys.command('list'))
    .description('print every valid key, without the key itself, as a JSON object a line')
    .addHelpText('after', SERVER)
    .action((options: ServerOptions) => listApiKeys(context(), options));
  withServerOptions(keys.command('revoke'))
    .description('end a key')
    .argument('<id>', 'the id that `api-keys list` shows')
    .addHelpText('after', SERVER)
    .action((id: string, options: ServerOptions) => revokeApiKey(context(), id, options));
};
