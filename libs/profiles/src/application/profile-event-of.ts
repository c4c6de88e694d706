import type { RecordedEvent } from '@hearth/eventing';
import type { ProfileEvent } from '../domain/evolve.ts';

/** An event of the log as the fold takes it. */
export const profileEventOf = ({ type, data, metadata, revision }: RecordedEvent): ProfileEvent => ({
  type,
  data,
  received_at: metadata.received_at,
  schema: metadata.schema,
  revision,
});
