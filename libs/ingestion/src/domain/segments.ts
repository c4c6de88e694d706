import type { Identifier } from '@hearth/contracts';
import type { UserCommand } from '@hearth/users';

interface Write {
  readonly identifier: Identifier;
  readonly commands: readonly UserCommand[];
}

/**
 * Cuts the writes of a request into runs whose identifiers can be resolved together. Whom an email or phone names can depend
 * on what an earlier write of the same request did, so such a write starts a new run where an earlier one could matter.
 * Returns indices, in the order given.
 */
export const segmentsOf = (writes: readonly Write[]): readonly (readonly number[])[] => {
  const segments: number[][] = [];
  let contact: boolean | undefined;
  let moved = false;
  writes.forEach(({ identifier, commands }, index) => {
    const isContact = identifier.kind === 'email' || identifier.kind === 'phone';
    if (isContact !== contact || (isContact && moved)) {
      segments.push([]);
      contact = isContact;
      moved = false;
    }
    segments.at(-1)!.push(index);
    moved ||= commands.some(writesContact);
  });
  return segments;
};

const writesContact = (command: UserCommand): boolean =>
  command.type === 'UpdateAttributes' &&
  command.data.fields !== undefined &&
  (command.data.fields.email !== undefined || command.data.fields.phone !== undefined);
