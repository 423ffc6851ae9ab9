import { z } from "zod";

/** What a caller sends with a creation, and again when they repeat it, so that it happens once. */
export const idempotencyKey = z.string({ error: "An idempotency key is text." }).regex(/^[!-~]{1,255}$/, {
  error: "An idempotency key is 1 to 255 visible ASCII characters without spaces, and is sent once.",
});
