import type { BrazeId, ClaimableIdentifier, UserCreated } from '@hearth/contracts';

const BUCKETS = 10_000n;

/**
 * The first event of a user. The random bucket is taken from the braze_id, which is a keyed hash: it is spread evenly over
 * 0 to 9999, and two instances that create the same user at once agree on it.
 */
export const userCreated = (brazeId: BrazeId, identifier: ClaimableIdentifier): UserCreated => ({
  braze_id: brazeId,
  identifier,
  random_bucket: Number(BigInt(`0x${brazeId}`) % BUCKETS),
});
