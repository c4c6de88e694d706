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
  commands: readonly UserCommand[];
  readonly indices: number[];
}

/** An identifier that some writes of a request name. */
export interface NamedIdentifier {
  readonly identifier: Identifier;
  /** Whether any of the writes may create the user. */
  readonly create: boolean;
  /** The writes, by their place in the request. */
  readonly indices: readonly number[];
}

/** The distinct identifiers of some writes. */
export const identifiersOf = (
  indices: readonly number[],
  writes: readonly Write[],
): readonly NamedIdentifier[] => {
  const distinct = new Map<string, { identifier: Identifier; create: boolean; indices: number[] }>();
  for (const index of indices) {
    const { identifier, updateExistingOnly } = writes[index]!;
    const key = identifierKey(identifier);
    const known = distinct.get(key);
    if (known) {
      known.create ||= !updateExistingOnly;
      known.indices.push(index);
    } else distinct.set(key, { identifier, create: !updateExistingOnly, indices: [index] });
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
  targetOf: (index: number) => T | undefined,
): { groups: readonly UserGroup<T>[]; absent: readonly number[] } => {
  const groups = new Map<BrazeId, UserGroup<T>>();
  const absent: number[] = [];
  for (const index of indices) {
    const { commands, updateExistingOnly } = writes[index]!;
    const target = targetOf(index);
    const group = target && groups.get(target.brazeId);
    if (!target || (target.kind === 'new' && !group && updateExistingOnly)) absent.push(index);
    else if (!group) groups.set(target.brazeId, { target, commands, indices: [index] });
    else {
      group.commands = [...group.commands, ...commands];
      group.indices.push(index);
    }
  }
  return { groups: [...groups.values()], absent };
};
