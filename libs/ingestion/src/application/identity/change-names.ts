import type { Operation, OperationOutcome } from '@hearth/contracts';
import { isRejection } from '@hearth/eventing';
import { changeIdentifiers, isNamed } from '@hearth/users';

import type { Claims } from './claims.ts';
import type { Run, Step } from './steps.ts';

type ChangeIdentifiers = Extract<Operation, { kind: 'change_identifiers' }>;

/**
 * Gives a user identifiers and takes others from it. Claims move first and the user's stream follows: an instance that
 * remembers an identifier that is gone then loses its next write to the user, and reads anew (docs/decisions/0003). Where it
 * turns out that the user cannot have them, the claims are put back to what the user's stream says.
 */
export const changeNames =
  ({ step, claims }: { readonly step: Step; readonly claims: Claims }) =>
  async (run: Run, operation: ChangeIdentifiers): Promise<OperationOutcome> => {
    const { braze_id: brazeId, add, remove } = operation;
    let outcome: OperationOutcome = 'done';
    const { history } = await step(run, brazeId, 'names', async ({ profile }) => {
      outcome = 'done';
      const decided = profile.status === 'active' ? changeIdentifiers(operation, profile) : undefined;
      if (decided === undefined || isRejection(decided)) {
        outcome = decided?.rejected ?? 'gone';
        return [];
      }
      for (const identifier of add)
        if (!(await claims.give(identifier, brazeId, run.metadata))) {
          outcome = 'taken';
          return [];
        }
      for (const identifier of remove) await claims.release(identifier, [brazeId], run.metadata);
      return decided;
    });
    if (outcome === 'done') return outcome;

    const { profile } = history;
    for (const identifier of [...add, ...remove])
      if (profile.status === 'active' && isNamed(profile, identifier))
        await claims.give(identifier, brazeId, run.metadata);
      else await claims.release(identifier, [brazeId], run.metadata);
    return outcome;
  };
