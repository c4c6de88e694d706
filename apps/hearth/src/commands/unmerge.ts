import type { Identifier, Json } from '@hearth/contracts';

import type { CommandContext } from '../context.ts';
import { Failure } from '../failure.ts';
import { formatIdentifier } from '../replay/parse-identifier.ts';
import type { ServerOptions } from '../rest-client.ts';

export interface UnmergeOptions extends ServerOptions {
  readonly user: Identifier;
}

/** Takes a merge back, on the running server. Data is the server's answer: who is there again, and who it had been merged into. */
export const unmerge = async (
  { server, write, say }: CommandContext,
  { user, ...options }: UnmergeOptions,
): Promise<void> => {
  const answer = await server(options).post('/hearth/users/unmerge', bodyOf(user));
  await write(`${JSON.stringify(answer)}\n`);
  say(`the merge of ${formatIdentifier(user)} is taken back`);
};

const bodyOf = ({ kind, value }: Identifier): Json => {
  if (kind === 'email' || kind === 'phone')
    throw new Failure(
      `many users may have one ${kind}: name the user by external_id, user_alias or braze_id`,
    );
  return kind === 'user_alias' ? { user_alias: { ...value } } : { [kind]: value };
};
