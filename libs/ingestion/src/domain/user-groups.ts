import { identifierKey, type BrazeId, type Identifier } from '@hearth/contracts';
import type { UserCommand } from '@hearth/users';

interface Write {
  readonly identifier: Identifier;
  readonly updateExistingOnly: boolean;
  readonly commands: readonly UserCommand[];
}

interface Target {
  readonly kind: 'existing' | 'new';
  readonly brazeId: BrazeId;
}

/** All that some writes of a request ask of one user, in order. */
export interface UserGroup<T> {
  readonly target: T;
  readonly commands: UserCommand[];
  readonly indices: number[];
}

/** The distinct identifiers of some writes, and whether any of the writes may create the user. */
export const identifiersOf = (
  indices: readonly number[],
  writes: readonly Write[],
): readonly { key: string; identifier: Identifier; create: boolean }[] => {
  const distinct = new Map<string, { key: string; identifier: Identifier; create: boolean }>();
  for (const index of indices) {
    const { identifier, updateExistingOnly } = writes[index]!;
    const key = identifierKey(identifier);
    const known = distinct.get(key);
    if (known) known.create ||= !updateExistingOnly;
    else distinct.set(key, { key, identifier, create: !updateExistingOnly });
  }
  return [...distinct.values()];
};

/**
 * Gathers writes by the user they go to, also where they name the user differently. A write is absent where there is no
 * user, or where the user is still to be created by a later write of the same request and this one only updates.
 */
export const groupByUser = <T extends Target>(
  indices: readonly number[],
  writes: readonly Write[],
  targetOf: (write: Write) => T | undefined,
): { groups: readonly UserGroup<T>[]; absent: readonly number[] } => {
  const groups = new Map<BrazeId, UserGroup<T>>();
  const absent: number[] = [];
  for (const index of indices) {
    const write = writes[index]!;
    const target = targetOf(write);
    const group = target && groups.get(target.brazeId);
    if (!target || (target.kind === 'new' && !group && write.updateExistingOnly)) {
      absent.push(index);
    } else if (group) {
      group.commands.push(...write.commands);
      group.indices.push(index);
    } else {
      groups.set(target.brazeId, { target, commands: [...write.commands], indices: [index] });
    }
  }
  return { groups: [...groups.values()], absent };
};
