import { z } from "zod";
import { opaqueId } from "./opaque-id.ts";

/** How many keys of a finding are told unless asked otherwise; the count is of all. */
export const DEFAULT_REVIEWED_KEYS = 20;

export const apiKeyReviewInput = z.strictObject({
  teamId: opaqueId.nullish(),
  first: z
    .int({ error: "How many keys is a whole number." })
    .min(1, { error: "Ask for at least 1 key of each finding." })
    .max(50, { error: "Ask for at most 50 keys of each finding." })
    .nullish(),
});
