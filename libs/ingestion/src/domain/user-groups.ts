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
  readonly commands: readonly UserCommand[];
  /** The writes, by their place in the request. */
  readonly indices: readonly number[];
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

/** The place of a write that goes to nobody. */
const NOBODY = -1;

/**
 * Gathers writes by the user they go to, also where they name the user differently. A write is absent where there is no
 * user, or where the user is still to be created by a later write of the same request and this one only updates.
 */
export const groupByUser = <T extends Target>(
  indices: readonly number[],
  writes: readonly Write[],
  targetOf: (index: number) => T | undefined,
): { groups: readonly UserGroup<T>[]; absent: readonly number[] } => {
  const places = new Map<BrazeId, number>();
  const targets: T[] = [];
  const sizes: number[] = [];
  const absent: number[] = [];
  // Counted first, so that no list of a group grows: a request can have hundreds of them.
  const placeOf = new Int32Array(indices.length).fill(NOBODY);
  for (let nth = 0; nth < indices.length; nth += 1) {
    const index = indices[nth]!;
    const target = targetOf(index);
    let place = target && places.get(target.brazeId);
    if (!target || (target.kind === 'new' && place === undefined && writes[index]!.updateExistingOnly)) {
      absent.push(index);
      continue;
    }
    if (place === undefined) {
      places.set(target.brazeId, (place = targets.length));
      targets.push(target);
      sizes.push(0);
    }
    sizes[place]! += 1;
    placeOf[nth] = place;
  }
  const members = sizes.map((size) => new Array<number>(size));
  for (let nth = indices.length - 1; nth >= 0; nth -= 1) {
    const place = placeOf[nth]!;
    if (place !== NOBODY) members[place]![--sizes[place]!] = indices[nth]!;
  }
  const groups = targets.map((target, place) => ({
    target,
    commands: commandsOf(members[place]!, writes),
    indices: members[place]!,
  }));
  return { groups, absent };
};

const commandsOf = (indices: readonly number[], writes: readonly Write[]): readonly UserCommand[] => {
  if (indices.length === 1) return writes[indices[0]!]!.commands;
  let size = 0;
  for (const index of indices) size += writes[index]!.commands.length;
  const commands = new Array<UserCommand>(size);
  let at = 0;
  for (const index of indices) for (const command of writes[index]!.commands) commands[at++] = command;
  return commands;
};
