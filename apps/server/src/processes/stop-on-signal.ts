import type { Logger } from "pino";

/** Stops once, and exits with 0; a second signal exits at once. Answers with the same for other reasons to stop. */
export function stopOnSignal(
  signals: readonly NodeJS.Signals[],
  logger: Logger,
  stop: () => Promise<void>,
): (reason: string) => void {
  let isStopping = false;
  const stopOnce = (reason: string) => {
    if (isStopping) return;
    isStopping = true;
    logger.info({ reason }, "Stopping");
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, "The stop failed");
        process.exit(1);
      },
    );
  };
  let hasBeenSignalled = false;
  for (const signal of signals) {
    process.on(signal, () => {
      if (hasBeenSignalled) process.exit(1);
      hasBeenSignalled = true;
      stopOnce(signal);
    });
  }
  return stopOnce;
}
