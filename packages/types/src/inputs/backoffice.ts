import { z } from "zod";
import { PLAN_NAMES, SUBSCRIPTION_STATUSES } from "../plans.ts";
import { pageSize } from "./api-key-list.ts";
import { INVISIBLE_CHARACTERS } from "./name.ts";
import { opaqueId } from "./opaque-id.ts";
import { searchText } from "./search-text.ts";

export const MAX_REQUESTS_PER_MINUTE = 1_000_000;
export const MAX_REASON_LENGTH = 500;

/** A page of teams or people, of those that a search finds. */
export const backofficeListInput = z.strictObject({
  search: searchText.transform((text) => text.normalize("NFC").trim()).nullish(),
  first: pageSize.nullish(),
  after: z.string().max(1_000, { error: "This is not a cursor of this list." }).nullish(),
});

const wholeNumber = `It is a whole number from 1 to ${MAX_REQUESTS_PER_MINUTE}, or null for what the plan says.`;

/** Calls per minute of a team, in place of what its plan says. */
export const requestsPerMinute = z
  .int({ error: wholeNumber })
  .min(1, { error: wholeNumber })
  .max(MAX_REQUESTS_PER_MINUTE, { error: wholeNumber });

const subscriptionChange = {
  plan: z.enum(PLAN_NAMES, { error: `A plan is one of: ${PLAN_NAMES.join(", ")}.` }).optional(),
  status: z
    .enum(SUBSCRIPTION_STATUSES, { error: `A status is one of: ${SUBSCRIPTION_STATUSES.join(", ")}.` })
    .optional(),
  /** Null takes the override away. */
  requestsPerMinute: requestsPerMinute.nullable().optional(),
};
export type SubscriptionChange = z.output<typeof subscriptionChangeInput>;

const isSomethingChanged = (input: object) => Object.keys(subscriptionChange).some((field) => field in input);
const NOTHING_TO_CHANGE = { error: "Say what to change: plan, status or requestsPerMinute." };

export const subscriptionChangeInput = z.strictObject(subscriptionChange).refine(isSomethingChanged, NOTHING_TO_CHANGE);

export const setTeamSubscriptionInput = z
  .strictObject({ teamId: opaqueId, ...subscriptionChange })
  .refine(isSomethingChanged, NOTHING_TO_CHANGE);

/** Why somebody is banned, for those who look at it later. */
const banReason = z
  .string({ error: "A reason is text." })
  .refine((text) => !INVISIBLE_CHARACTERS.test(text), {
    error: "The reason contains a control, direction-changing or invisible character. Type it again without it.",
  })
  .transform((text) => text.normalize("NFC").trim())
  .refine((text) => [...text].length <= MAX_REASON_LENGTH, {
    error: `A reason has at most ${MAX_REASON_LENGTH} characters.`,
  });

export const setUserBanInput = z.strictObject({
  userId: opaqueId,
  banned: z.boolean({ error: "Say true or false." }),
  reason: banReason.nullish(),
});
