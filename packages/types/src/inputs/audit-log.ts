import { z } from "zod";
import { AUDIT_ACTIONS } from "../audit-events.ts";
import { EXPORT_FORMATS } from "../export-formats.ts";
import { pageSize } from "./api-key-list.ts";
import { opaqueId } from "./opaque-id.ts";
import { searchText } from "./search-text.ts";

export const auditAction = z.enum(AUDIT_ACTIONS, { error: "There is no such action." });

/** PostgreSQL knows no year 0, and nothing here is from the far future. */
export const logInstant = z
  .date({ error: "An instant is ISO 8601 text." })
  .min(new Date("1970-01-01T00:00:00Z"), { error: "Nothing here is that old." })
  .max(new Date("9999-01-01T00:00:00Z"), { error: "This is too far ahead." });

export const auditFilter = z.strictObject({
  /** What was done to this key, and what was done with it. */
  keyId: opaqueId.nullish(),
  actorId: opaqueId.nullish(),
  /** Any of these. */
  actions: z.array(auditAction).max(AUDIT_ACTIONS.length, { error: "Name each action once." }).nullish(),
  /** From this instant on. */
  from: logInstant.nullish(),
  /** Before this instant. */
  to: logInstant.nullish(),
  /** Part of a name of a key or person, or of an invited address; an address of the network, or an id, as a whole. */
  search: searchText.nullish(),
});
export type AuditFilter = z.output<typeof auditFilter>;

export const auditLogInput = z.strictObject({
  teamId: opaqueId.nullish(),
  first: pageSize.nullish(),
  after: z.string().max(1_000, { error: "This is not a cursor of this list." }).nullish(),
  filter: auditFilter.nullish(),
});

export const auditExportInput = z.strictObject({ format: z.enum(EXPORT_FORMATS), filter: auditFilter });
