import type { AttributesUpdated, Identifier, ProfileSelect, PushToken } from '@hearth/contracts';
import type { UserCommand } from '@hearth/users';

import type { IdentifierEcho } from './identifiers.ts';
import type { InputArray } from './input-array.ts';

/** One valid object of a track body, ready to be resolved to a profile and applied. */
export interface TrackObject {
  readonly inputArray: InputArray;
  /** Position in the array as sent. */
  readonly index: number;
  /** What the profile is looked up by, normalised. */
  readonly identifier: Identifier;
  /** True where an unknown identifier makes no profile; the object then counts as processed all the same (§11.4). */
  readonly updateExistingOnly: boolean;
  /** What to do to the profile, in order. Empty for a blocklisted event: accepted, and nothing happens, no profile is made. */
  readonly commands: readonly UserCommand[];
  /** The identifier in the spelling of the request, for the answer of a sync call. */
  readonly echo: IdentifierEcho;
  /** What a sync call answers: the custom attributes named in the object, dropped ones included, or its event or product. */
  readonly select: ProfileSelect;
  /** Set where the object changes subscription states, which belong to the address as much as to the user (§7.2). */
  readonly changesSubscriptions?: true;
  /** The push tokens that the profile gains: others lose them (§7.3). */
  readonly gainsTokens?: readonly PushToken[];
}

/** An import of push tokens (§7.3): each token that nobody holds makes a profile with the rest of the object. */
export interface PushTokenImport {
  readonly inputArray: 'attributes';
  /** Position in the array as sent. */
  readonly index: number;
  readonly tokens: readonly PushToken[];
  /** What each of the profiles begins with, beside its token, */
  readonly data: AttributesUpdated;
  /** and after it. */
  readonly more: readonly UserCommand[];
}

/** Whether an entry is an import, which names nobody. */
export const isImport = (entry: TrackObject | PushTokenImport): entry is PushTokenImport => 'tokens' in entry;
