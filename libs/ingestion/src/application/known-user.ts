import { userStream, type BrazeId } from '@hearth/contracts';
import { inOnePiece } from '@hearth/eventing';

/**
 * A user that takes writes, as this process knows it. Whoever found it holds the same object, so what is learned by one
 * append is known to the next without a look-up.
 */
export class KnownUser {
  readonly kind = 'existing';
  readonly brazeId: BrazeId;
  /** Put together once: every write names it. */
  readonly stream: string;
  /** True once the identifier whose first claim made this user was seen to lead to it. */
  isFirstHolder = false;
  #revision: number;
  #isStale = false;

  constructor(brazeId: BrazeId, revision: number) {
    this.brazeId = inOnePiece(brazeId);
    this.stream = inOnePiece(userStream(brazeId));
    this.#revision = revision;
  }

  /** The last revision that this process saw. Appends carry it exactly, so one that is behind loses and changes nothing. */
  get revision(): number {
    return this.#revision;
  }

  /** True once somebody else has moved the user's stream: the names under which it was found may not be its own any more. */
  get isStale(): boolean {
    return this.#isStale;
  }

  /** There is none to be made: what names the user is claimed for it. */
  get claim(): undefined {
    return undefined;
  }

  /** Takes note of an append that this process made right behind the last one. */
  advanceTo(revision: number): void {
    this.#revision = Math.max(this.#revision, revision);
  }

  /** Takes note that the stream was moved by somebody else. */
  forget(): void {
    this.#isStale = true;
  }
}
