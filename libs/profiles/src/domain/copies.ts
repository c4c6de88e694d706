/**
 * What one fold of several events has copied already. Nobody else holds these parts yet, so later events of the same fold change
 * them in place: a profile with thousands of names would be copied for each event otherwise.
 */
export class Copies {
  readonly #made = new Set<object>();

  /** The object to write into in the place of this one: itself, where it was made here. */
  of<Part extends object>(part: Part): { -readonly [Key in keyof Part]: Part[Key] } {
    if (this.#made.has(part)) return part;
    const copy = { ...part };
    this.#made.add(copy);
    return copy;
  }
}
