const WINDOW_MILLISECONDS = 60_000;
/** So many within the window are no accident: something is wrong that a restart does not mend. */
export const TOO_MANY_DEATHS = 5;
const FIRST_PAUSE_MILLISECONDS = 250;

/** When workers died, and what follows from it. Instants are milliseconds of a clock that is never set back. */
export class WorkerDeaths {
  #deaths: number[] = [];

  /** How long to wait before the next worker is started; null: give up. */
  add(at: number): number | null {
    this.#deaths = [...this.#deaths.filter((death) => at - death < WINDOW_MILLISECONDS), at];
    const count = this.#deaths.length;
    return count >= TOO_MANY_DEATHS ? null : FIRST_PAUSE_MILLISECONDS * 2 ** (count - 1);
  }
}
