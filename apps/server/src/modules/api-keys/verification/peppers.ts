import { fingerprintPepper } from "@latchkey/key-format/hash";
import type { Pepper } from "../../../config.ts";
import type { PepperRepository } from "./pepper.repository.ts";

/** A start with the wrong peppers: a mistake of configuration, to be told and not to be retried. */
export class PepperMismatchError extends Error {}

/**
 * Compares the configured peppers with the fingerprints this database holds and remembers new ones. With a changed
 * pepper, or without one that an active key needs, every such key would be refused as unknown: better no start.
 */
export async function checkPeppers(peppers: readonly Pepper[], repository: PepperRepository): Promise<void> {
  for (const pepper of peppers) {
    const fingerprint = fingerprintPepper(pepper.secret);
    const stored = await repository.rememberFingerprint(pepper.id, fingerprint);
    if (!stored.equals(fingerprint)) {
      throw new PepperMismatchError(
        `API_KEY_PEPPERS: the pepper "${pepper.id}" is not the one this database's keys were hashed with. ` +
          `Restore it, or give the new pepper another id and put it first.`,
      );
    }
  }
  const missing = await repository.countActiveKeysByMissingPepper(peppers.map(({ id }) => id));
  if (missing.length > 0) {
    const needs = missing.map(({ pepperId, keys }) => `"${pepperId}" (${keys} active ${keys === 1 ? "key" : "keys"})`);
    throw new PepperMismatchError(
      `API_KEY_PEPPERS: this database needs a pepper that is not configured: ${needs.join(", ")}. ` +
        `Add it behind the first one; keys move to the first pepper when they are used.`,
    );
  }
}
