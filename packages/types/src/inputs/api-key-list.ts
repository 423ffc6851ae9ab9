import { z } from "zod";
import { API_KEY_STATUSES } from "../api-key-status.ts";
import { opaqueId } from "./opaque-id.ts";
import { searchText } from "./search-text.ts";

const MAX_PAGE_SIZE = 100;
export const DEFAULT_PAGE_SIZE = 50;

export const API_KEY_ORDER_FIELDS = ["CREATED_AT", "NAME", "EXPIRES_AT", "LAST_USED"] as const;
export type ApiKeyOrderField = (typeof API_KEY_ORDER_FIELDS)[number];
export const ORDER_DIRECTIONS = ["ASC", "DESC"] as const;
export type OrderDirection = (typeof ORDER_DIRECTIONS)[number];

/** How many rows a page of a list holds. */
export const pageSize = z
  .int({ error: "A page size is a whole number." })
  .min(1, { error: "A page holds at least 1 row." })
  .max(MAX_PAGE_SIZE, { error: `A page holds at most ${MAX_PAGE_SIZE} rows.` });

/** No call for this many days; keys younger than that do not match. */
export const unusedForDays = z
  .int()
  .min(1, { error: "Count at least 1 day." })
  .max(3_650, { error: "Count at most 3650 days." });

export const apiKeyFilter = z.strictObject({
  status: z.array(z.enum(API_KEY_STATUSES)).nullish(),
  /** Part of a name, whatever its case, or the beginning of a prefix. */
  search: searchText.nullish(),
  /** Keys that were given this permission. */
  permission: z
    .string()
    .regex(/^[a-z0-9_:]{1,64}$/, { error: "This is not the name of a permission." })
    .nullish(),
  createdById: opaqueId.nullish(),
  expiresSoon: z.boolean().nullish(),
  unusedForDays: unusedForDays.nullish(),
  neverUsed: z.boolean().nullish(),
});
export type ApiKeyFilter = z.output<typeof apiKeyFilter>;

export const apiKeyOrder = z.strictObject({
  field: z.enum(API_KEY_ORDER_FIELDS),
  direction: z.enum(ORDER_DIRECTIONS),
});
export type ApiKeyOrder = z.output<typeof apiKeyOrder>;

/** Newest first. */
export const DEFAULT_API_KEY_ORDER: ApiKeyOrder = { field: "CREATED_AT", direction: "DESC" };

export const apiKeyListInput = z.strictObject({
  teamId: opaqueId.nullish(),
  first: pageSize.nullish(),
  after: z.string().max(1_000, { error: "This is not a cursor of this list." }).nullish(),
  filter: apiKeyFilter.nullish(),
  orderBy: apiKeyOrder.nullish(),
});
