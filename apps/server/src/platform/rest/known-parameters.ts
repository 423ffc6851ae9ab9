import { InvalidInputError } from "../domain-error.ts";

/** What people call a parameter that they put a key in. */
const KEY_NAMES = /^(x[-_])?(api[-_]?)?(key|secret|token)$|^access[-_]?token$/i;
const NOT_A_PLACE_FOR_KEYS =
  "A key is never read from the address. Send it in the header x-api-key; and if this was a real one, replace it, because addresses are kept in logs.";

/**
 * Refuses what a route has no parameter for: a mistyped filter would otherwise list everything. The address itself is
 * asked, because validators read parameters into objects, in which `__proto__` disappears.
 */
export function assertKnownParameters(url: string, known: ReadonlySet<string>): void {
  const start = url.indexOf("?");
  if (start === -1) return;
  const names = new Set(new URLSearchParams(url.slice(start + 1)).keys());
  const unknown = [...names].filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw new InvalidInputError(
    unknown.map((name) => ({
      path: [name.slice(0, 64)],
      message: KEY_NAMES.test(name) ? NOT_A_PLACE_FOR_KEYS : "There is no such parameter.",
    })),
  );
}
