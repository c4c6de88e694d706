import type { Json } from '@hearth/contracts';

import { parseDelete } from '../../domain/identity/deletion.ts';
import type { EntryError } from '../../domain/identity/entries.ts';
import { isFatal, type FatalError } from '../../domain/parsing/index.ts';
import type { LiveRules } from '../live-rules.ts';
import type { RequestContext } from '../ports.ts';
import type { Accepted } from '../track.ts';
import type { IdentityPorts } from './identity.ts';
import { nameOf } from './names.ts';
import { doneUnlessChanged, NOTHING } from './until-settled.ts';

/** The answer of `/users/delete`: how many ids were taken, also those that nobody has (user-data API §12.6). */
export interface DeleteReply {
  readonly deleted: number;
  readonly message: 'success';
  readonly errors?: readonly EntryError[];
}

export type DeleteEndpoint = (
  body: Json,
  context: RequestContext,
) => Promise<Accepted<DeleteReply> | FatalError>;

/** `/users/delete`: erases users for good, and answers when that is done. */
export const deleteUsers =
  ({ calls, findUser, keys }: IdentityPorts, rules: LiveRules): DeleteEndpoint =>
  async (body, context) => {
    const request = parseDelete(body, rules.current);
    if (isFatal(request)) return request;
    return calls(context, async (call) => {
      for (const [index, user] of request.users.entries()) {
        await call.settle({
          part: String(index),
          async decide() {
            const brazeId = await findUser(user, context);
            if (brazeId === undefined) return NOTHING;
            const name = nameOf(user, keys);
            return { kind: 'delete', braze_id: brazeId, ...(name !== undefined && { name }) };
          },
          resultOf: doneUnlessChanged,
        });
      }
      const { users, errors } = request;
      return { deleted: users.length, message: 'success', ...(errors.length > 0 && { errors }) };
    });
  };
