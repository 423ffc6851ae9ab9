/** Whether this process may be sent requests. Starts as not ready; stopping is for good. */
export class Readiness {
  #isStarted = false;
  #isStopping = false;

  /** The database was reached, is migrated, and has the right peppers. */
  started(): void {
    this.#isStarted = true;
  }

  stopping(): void {
    this.#isStopping = true;
  }

  get isStarted(): boolean {
    return this.#isStarted;
  }

  get isStopping(): boolean {
    return this.#isStopping;
  }
}
