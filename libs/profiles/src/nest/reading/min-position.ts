import { z } from 'zod';

/** What every read takes beside its own parameters. */
export const minPosition = z.string().optional().meta({
  description:
    'The X-Hearth-Position of a write: the answer takes it in. The header X-Hearth-Min-Position says the same.',
});
