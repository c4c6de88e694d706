import type { PushToken, PushTokenName } from '@hearth/contracts';

/** How many tokens a profile keeps: the newest. A person has fewer devices than this. */
export const MAX_PUSH_TOKENS = 100;

const isSame = (a: PushTokenName, b: PushTokenName): boolean => a.app_id === b.app_id && a.token === b.token;

/**
 * The tokens of a profile after it gained some, oldest first. One it has already stays as it is; a device that has another
 * token for the same app now lost the older one.
 */
export const tokensGained = (
  tokens: readonly PushToken[] = [],
  gained: readonly PushToken[],
): readonly PushToken[] => {
  let result = tokens;
  for (const { app_id, token, device_id } of gained) {
    const added = { app_id, token, device_id };
    if (result.some((other) => isSame(other, added))) continue;
    const others = result.filter((other) => other.app_id !== app_id || other.device_id !== device_id);
    result = [...others, added].slice(-MAX_PUSH_TOKENS);
  }
  return result;
};

/** The tokens that are left when some went over to another profile. */
export const tokensLost = (
  tokens: readonly PushToken[] = [],
  lost: readonly PushTokenName[],
): readonly PushToken[] => tokens.filter((token) => !lost.some((other) => isSame(token, other)));
