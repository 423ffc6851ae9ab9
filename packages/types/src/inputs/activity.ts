import { z } from "zod";
import { CALL_CREDENTIALS, STATUS_CLASSES } from "../activity.ts";
import { ERRORS, type ErrorCode } from "../error-codes.ts";
import { EXPORT_FORMATS } from "../export-formats.ts";
import { pageSize } from "./api-key-list.ts";
import { logInstant } from "./audit-log.ts";
import { opaqueId } from "./opaque-id.ts";
import { searchText } from "./search-text.ts";

const CODES = Object.keys(ERRORS) as ErrorCode[];

export const callCredential = z.enum(CALL_CREDENTIALS, { error: "Say API_KEY or SESSION." });
export const statusClass = z.enum(STATUS_CLASSES, { error: `Say one of ${STATUS_CLASSES.join(", ")}.` });
export const refusalCode = z.enum(CODES, { error: "There is no such code." });
/** As it is recorded, whole. */
export const operationName = z
  .string({ error: "An operation is text." })
  .min(1, { error: "Name an operation." })
  .max(200, { error: "No operation has such a long name." })
  .refine((text) => !text.includes("\u0000"), { error: "No operation has a NUL in its name." });

export const activityFilter = z.strictObject({
  keyId: opaqueId.nullish(),
  /** Who called; of a key, who made it. */
  actorId: opaqueId.nullish(),
  credential: callCredential.nullish(),
  operation: operationName.nullish(),
  /** Any of these. */
  statusClasses: z.array(statusClass).max(STATUS_CLASSES.length, { error: "Name each class once." }).nullish(),
  /** Any of these. */
  codes: z.array(refusalCode).max(CODES.length, { error: "Name each code once." }).nullish(),
  /** From this instant on. */
  from: logInstant.nullish(),
  /** Before this instant. */
  to: logInstant.nullish(),
  /** Part of the name of an operation or a key; a prefix, an address of the network or a request's id, as a whole. */
  search: searchText.nullish(),
});
export type ActivityFilter = z.output<typeof activityFilter>;

export const activityInput = z.strictObject({
  teamId: opaqueId.nullish(),
  first: pageSize.nullish(),
  after: z.string().max(1_000, { error: "This is not a cursor of this list." }).nullish(),
  filter: activityFilter.nullish(),
});

export const activityExportInput = z.strictObject({ format: z.enum(EXPORT_FORMATS), filter: activityFilter });

export const refusalInput = z.strictObject({ teamId: opaqueId.nullish(), requestId: z.string() });
