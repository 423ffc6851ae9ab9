import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { SignInRefusal } from "./sign-in-refusal.ts";

/** How long people wait for a provider, at the start and again when they come back from it. */
export const PATIENCE_MILLISECONDS = 5_000;

/** Nothing usable came back: nobody answered, or not in time. */
export class ProviderOutage extends Error {
  override readonly name = "ProviderOutage";
}

/**
 * What a provider answers, within bounds. Better Auth asks without a limit in time; what comes later than that is
 * ignored, so nothing is written after the refusal. Why it failed is for the log: the page gets one of our codes.
 */
export async function providerAnswer<Answer>(
  { provider, logger }: { readonly provider: string; readonly logger: Logger },
  ask: () => Promise<Answer>,
): Promise<Answer> {
  const clock = new AbortController();
  const late = sleep(PATIENCE_MILLISECONDS, undefined, { signal: clock.signal, ref: false }).then(() => {
    throw new ProviderOutage(`No answer within ${PATIENCE_MILLISECONDS} ms.`);
  });
  try {
    return await Promise.race([ask(), late]);
  } catch (error) {
    logger.warn({ provider, ...describe(error) }, "A sign-in through a provider failed");
    if (error instanceof SignInRefusal) throw error;
    throw new SignInRefusal(isOutage(error) ? "provider_unavailable" : "provider_refused", { cause: error });
  } finally {
    clock.abort();
  }
}

/** `fetch` reports that nobody answered as a TypeError; Better Auth throws the body of an HTTP error with its status. */
function isOutage(error: unknown): boolean {
  if (error instanceof ProviderOutage || error instanceof TypeError) return true;
  const { status } = fieldsOf(error);
  return typeof status === "number" && (status >= 500 || status === 429);
}

/** Without the rest of the body: what a provider puts into it is not known to be free of secrets. */
function describe(error: unknown): object {
  if (error instanceof Error) return { err: error };
  const { status, error: code } = fieldsOf(error);
  return { status, code: typeof code === "string" ? code.slice(0, 100) : undefined };
}

function fieldsOf(error: unknown): Readonly<Record<string, unknown>> {
  return typeof error === "object" && error !== null ? { ...error } : {};
}
