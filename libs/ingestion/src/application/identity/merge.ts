import type { Json } from '@hearth/contracts';

import { parseMerge } from '../../domain/identity/merge.ts';
import { isFatal, type FatalError } from '../../domain/parsing/index.ts';
import type { LiveRules } from '../live-rules.ts';
import type { RequestContext } from '../ports.ts';
import type { Accepted } from '../track.ts';
import type { IdentityPorts } from './identity.ts';
import { nameOf } from './names.ts';
import { doneUnlessChanged, NOTHING } from './until-settled.ts';

export interface MergeReply {
  readonly message: 'success';
}

export type MergeEndpoint = (
  body: Json,
  context: RequestContext,
) => Promise<Accepted<MergeReply> | FatalError>;

/** `/users/merge`: pairs one after the other. Where either side is nobody, or both are the same, nothing happens (§12.4). */
export const merge =
  ({ calls, findUser, keys }: IdentityPorts, rules: LiveRules): MergeEndpoint =>
  async (body, context) => {
    const request = parseMerge(body, rules.current);
    if (isFatal(request)) return request;
    return calls(context, async (call) => {
      for (const [index, entry] of request.entries.entries()) {
        await call.settle({
          part: String(index),
          async decide() {
            const from = await findUser(entry.merge, context);
            const into = from === undefined ? undefined : await findUser(entry.keep, context);
            if (from === undefined || into === undefined || from === into) return NOTHING;
            const from_name = nameOf(entry.merge, keys);
            const into_name = nameOf(entry.keep, keys);
            return {
              kind: 'merge',
              from,
              into,
              behavior: 'merge',
              ...(from_name !== undefined && { from_name }),
              ...(into_name !== undefined && { into_name }),
            };
          },
          resultOf: doneUnlessChanged,
        });
      }
      return { message: 'success' };
    });
  };
