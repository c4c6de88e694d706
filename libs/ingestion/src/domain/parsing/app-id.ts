import type { Json } from '@hearth/contracts';

import { MAX_CHARS } from './limits.ts';
import { isLonger } from './text-length.ts';
import type { TrackRules } from './track-rules.ts';

/** The app of an event or purchase. One that is not known, or is no identifier at all, is ignored (user-data API §9). */
export const readAppId = (sent: Json | undefined, { appIds }: TrackRules): string | undefined =>
  typeof sent === 'string' && sent !== '' && !isLonger(sent, MAX_CHARS) && appIds?.has(sent) !== false
    ? sent
    : undefined;
