import type { SecretProblem } from "@latchkey/key-format/secret";

/** What is wrong with a key, in a sentence that helps to mend it and repeats no character of it. */
export function describeSecretProblem(problem: SecretProblem): string {
  switch (problem.kind) {
    case "missing":
      return "The key is empty.";
    case "line_break":
      return problem.where === "inside"
        ? "There is a line break inside the key. Paste it as one line."
        : "There is a line break before or behind the key. Send the key alone.";
    case "space":
      return problem.where === "inside"
        ? "There is a space inside the key, or more than one key was sent. Send exactly one key, without spaces."
        : "There is a space before or behind the key. Send the key alone.";
    case "quote":
      return "There are quotes in or around the key. Send the key without them.";
    case "brand_malformed":
      return "A key starts with a short word and an underscore, such as lk_. The beginning is missing or mistyped.";
    case "foreign_character":
      return `Character ${problem.position} cannot be part of a key: it has letters and digits only. If two keys were sent, send one.`;
    case "too_short":
      return `The key is too short: ${problem.missing} ${problem.missing === 1 ? "character is" : "characters are"} missing. Copy all of it.`;
    case "too_long":
      return `The key is too long by ${problem.extra} ${problem.extra === 1 ? "character" : "characters"}. Copy the key alone.`;
    case "checksum_wrong":
      return "A character of the key is mistyped: its checksum does not fit. Copy it again.";
  }
}
