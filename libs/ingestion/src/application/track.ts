import type { Json } from '@hearth/contracts';
import type { Position } from '@hearth/eventing';

import {
  isFatal,
  parseTrack,
  type FatalError,
  type TrackObject,
  type TrackRequest,
} from '../domain/parsing/index.ts';
import type { Place, Places } from '../domain/settle-outcomes.ts';
import { trackReply, type TrackReply } from '../domain/track-reply.ts';
import type { ApplyWrites } from './apply-writes.ts';
import { concernOthers, type FollowUp } from './follow-up.ts';
import type { LiveRules } from './live-rules.ts';
import type { RequestContext } from './ports.ts';
import type { ImportPushTokens } from './push-tokens/import-push-tokens.ts';
import { settleWrites } from './settle-writes.ts';

/** An accepted request: what is answered, and how far the log reaches with it (undefined: nothing had to be written). */
export interface Accepted<Reply> {
  readonly reply: Reply;
  readonly position: Position | undefined;
}

/** `/users/track`: durable and ordered per user once this resolves. Throws `NotStored` and `AnswerLost`. */
export type Track = (body: Json, context: RequestContext) => Promise<Accepted<TrackReply> | FatalError>;

export interface TrackPorts {
  readonly applyWrites: ApplyWrites;
  readonly importTokens: ImportPushTokens;
  readonly followUp: FollowUp;
  readonly rules: LiveRules;
  /** How bodies are read: by the limits of `/users/track` unless told otherwise. */
  readonly parse?: typeof parseTrack;
}

export const createTrack =
  ({ applyWrites, importTokens, followUp, rules, parse = parseTrack }: TrackPorts): Track =>
  async (body, context) => {
    const request = parse(body, rules.current, context.receivedAt);
    if (isFatal(request)) return request;
    // An object without commands is accepted and leads to nothing: a blocklisted event, say.
    const writes = request.objects.filter(({ commands }) => commands.length > 0);
    const outcomes = await applyWrites(writes, context);
    if (concernOthers(writes)) await followUp(writes, outcomes, context);
    const { imports } = request;
    const all = imports.length === 0 ? outcomes : [...outcomes, ...(await importTokens(imports, context))];
    const position = settleWrites(all, () => placesOf(request));
    return { reply: trackReply(request.processed, request.errors), position };
  };

const placesOf = ({ objects, imports }: TrackRequest): Places => ({
  tried: [...objects.filter(({ commands }) => commands.length > 0), ...imports].map(placeOf),
  done: objects.filter(({ commands }) => commands.length === 0).map(placeOf),
});

const placeOf = ({ inputArray, index }: Pick<TrackObject, 'inputArray' | 'index'>): Place => ({
  input_array: inputArray,
  index,
});
