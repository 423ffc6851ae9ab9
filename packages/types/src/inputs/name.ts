import { z } from "zod";

const MAX_CODE_POINTS = 64;

// Controls (C0, DEL, C1), line and paragraph separators, bidirectional overrides and isolates, zero-width characters,
// the byte-order mark and lone surrogates: each lets two names look alike, or one line of a log look like two.
export const INVISIBLE_CHARACTERS =
  /[\p{Cc}\p{Cs}\u2028\u2029\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/u;

/** A name that people give: trimmed, NFC, 1 to 64 code points, nothing that hides or reorders text. Need not be unique. */
export function nameOf(what: "key" | "person" | "team") {
  return z
    .string({ error: `Give the ${what} a name, as text.` })
    .refine((name) => !INVISIBLE_CHARACTERS.test(name), {
      error: "The name contains a control, direction-changing or invisible character. Type it again without it.",
      abort: true,
    })
    .transform((name) => name.normalize("NFC").trim())
    .refine((name) => name.length > 0, { error: `Give the ${what} a name.` })
    .refine((name) => [...name].length <= MAX_CODE_POINTS, {
      error: `A name has at most ${MAX_CODE_POINTS} characters.`,
    });
}
