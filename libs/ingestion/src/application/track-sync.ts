import type { Json } from '@hearth/contracts';

import {
  isFatal,
  isImport,
  parseTrackSync,
  type FatalError,
  type TrackObject,
} from '../domain/parsing/index.ts';
import { nobody, trackSyncReply, type TrackSyncReply } from '../domain/track-reply.ts';
import { concernOthers } from './follow-up.ts';
import type { RequestContext } from './ports.ts';
import type { readAfterWrite } from './read-after-write.ts';
import { settleWrites } from './settle-writes.ts';
import type { Accepted, TrackPorts } from './track.ts';

/** `/users/track/sync`: durable, applied and visible once this resolves. Throws `NotStored` and `AnswerLost`. */
export type TrackSync = (
  body: Json,
  context: RequestContext,
) => Promise<Accepted<TrackSyncReply> | FatalError>;

export const createTrackSync =
  ({
    applyWrites,
    importTokens,
    followUp,
    read,
    rules,
  }: TrackPorts & { read: ReturnType<typeof readAfterWrite> }): TrackSync =>
  async (body, context) => {
    const request = parseTrackSync(body, rules.current, context.receivedAt);
    if (isFatal(request)) return request;
    const { object } = request;
    if (isImport(object))
      return { reply: nobody, position: settleWrites(await importTokens([object], context)) };
    if (object.commands.length === 0) return { reply: nobody, position: undefined };

    const outcomes = await applyWrites([object], context, { requireProfileOwner: true });
    if (concernOthers([object])) await followUp([object], outcomes, context);
    const position = settleWrites(outcomes);
    const outcome = outcomes[0]!;
    if (!('applied' in outcome)) return { reply: nobody, position };
    const profile = await read(outcome.applied, object.select, context);
    return { reply: trackSyncReply(object.echo, object.select, profile, removedBy(object)), position };
  };

/** The custom attributes that the request cleared. */
const removedBy = ({ commands }: TrackObject): readonly string[] => {
  const removed: string[] = [];
  for (const command of commands)
    if (command.type === 'UpdateAttributes' && command.data.custom)
      for (const name of Object.keys(command.data.custom))
        if (command.data.custom[name] === null) removed.push(name);
  return removed;
};
