import type { BrazeId } from '@hearth/contracts';

import { describeChange } from './describe-change.ts';
import { printable } from './printable.ts';
import type { ReplayedEvent, ReplayEnd } from './replay-user.ts';

/** How a replay is written down; each text ends its last line. */
export interface ReplayOutput {
  event(replayed: ReplayedEvent): string;
  end(brazeId: BrazeId, end: ReplayEnd): string;
}

/** One JSON object a line: an `event` each, then a `profile`. */
export const replayAsJson: ReplayOutput = {
  event: ({ event: { revision, id, type, data, metadata }, changes }) =>
    `${JSON.stringify({
      event: {
        revision,
        received_at: metadata.received_at,
        type,
        id,
        correlation_id: metadata.$correlationId,
        causation_id: metadata.$causationId,
        source: metadata.source,
        data,
      },
      changes,
    })}\n`,
  end: (brazeId, { profile, revision, lastRevision }) =>
    `${JSON.stringify({ profile, braze_id: brazeId, revision, last_revision: lastRevision })}\n`,
};

/** Lines for people. */
export const replayAsText: ReplayOutput = {
  event: ({ event: { revision, type, metadata }, changes }) => {
    const head = `revision ${revision}  ${metadata.received_at}  ${printable(type)}  request ${printable(metadata.$correlationId)}`;
    const lines = changes.length === 0 ? ['nothing changed'] : changes.map(describeChange);
    return `${[head, ...lines.map((line) => `    ${line}`)].join('\n')}\n`;
  },
  end: (brazeId, { profile, revision, lastRevision }) => {
    const where =
      revision === -1
        ? 'before its first event'
        : `after revision ${revision}${revision === lastRevision ? ', its last' : ` of ${lastRevision}`}`;
    return `\nprofile of ${brazeId} ${where}:\n${printableJson(profile)}\n`;
  },
};

const printableJson = (value: unknown): string =>
  JSON.stringify(value, null, 2).split('\n').map(printable).join('\n');
