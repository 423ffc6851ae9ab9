const HOUR_MILLISECONDS = 60 * 60 * 1000;
const MAX_TRACKED = 10_000;

/**
 * How many mails may be caused in an hour by one payer: a mailbox that strangers fill, or a team that invites. So many
 * at once, and then evenly spread. In the memory of one process, and bounded: beyond that the oldest is forgotten.
 */
export class MailAllowance {
  readonly #nowMilliseconds: () => number;
  /** For each payer, when its allowance is whole again (the theoretical arrival time of GCRA). */
  readonly #wholeAt = new Map<string, number>();

  constructor(nowMilliseconds: () => number) {
    this.#nowMilliseconds = nowMilliseconds;
  }

  /** Whether one more is allowed now; it is taken then. */
  take(payer: string, perHour: number): boolean {
    const now = this.#nowMilliseconds();
    const wholeAt = Math.max(this.#wholeAt.get(payer) ?? 0, now) + HOUR_MILLISECONDS / perHour;
    if (wholeAt - now > HOUR_MILLISECONDS) return false;
    this.#wholeAt.delete(payer);
    this.#forgetOldest();
    this.#wholeAt.set(payer, wholeAt);
    return true;
  }

  #forgetOldest(): void {
    if (this.#wholeAt.size < MAX_TRACKED) return;
    const [oldest] = this.#wholeAt.keys();
    if (oldest !== undefined) this.#wholeAt.delete(oldest);
  }
}
