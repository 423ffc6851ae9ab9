import DataLoader from "dataloader";

/** More callers than this wait for the next statement: a plan for more parameters gains nothing. */
const MAX_CALLERS = 32;

/**
 * Calls that arrive while the server has others to read share a statement (decision 0006): to send one costs ten times
 * what it takes to answer for one caller more. A call joins only a statement that has not been sent, so what it learns
 * is never older than its own arrival: what was revoked before it is revoked for it.
 */
export function shareStatement<Caller, Found>(
  send: (callers: readonly Caller[]) => Promise<readonly Found[]>,
): (caller: Caller) => Promise<Found> {
  const loader = new DataLoader<Caller, Found>(send, {
    cache: false,
    maxBatchSize: MAX_CALLERS,
    // When all that has arrived at the sockets was read.
    batchScheduleFn: (now) => setImmediate(now),
  });
  return (caller) => loader.load(caller);
}

/** As many callers as the next power of two, by repeating one: few different statements, each with a plan of its own. */
export function padded<Caller>(callers: readonly Caller[]): readonly Caller[] {
  const [first] = callers;
  if (first === undefined) return callers;
  const missing = 2 ** Math.ceil(Math.log2(callers.length)) - callers.length;
  return [...callers, ...Array.from({ length: missing }, () => first)];
}

/** `$1, $2, $3` for so many. */
export function parameters(count: number): string {
  return Array.from({ length: count }, (_, index) => `$${index + 1}`).join(", ");
}
