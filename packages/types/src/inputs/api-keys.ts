import { z } from "zod";
import { isPermission, PERMISSION_NAMES, type Permission } from "../permissions.ts";
import { idempotencyKey } from "./idempotency-key.ts";
import { keyName } from "./key-name.ts";
import { opaqueId } from "./opaque-id.ts";

export const MAX_EXPIRY_DAYS = 3_650;

const permissionName = z
  .string({ error: "A permission is text, such as campaigns:read." })
  .refine(isPermission, { error: "There is no such permission." })
  .transform((name) => name as Permission);

const chosenPermissions = z
  .array(permissionName, { error: "List the permissions." })
  .min(1, { error: "Choose at least one permission." })
  .max(PERMISSION_NAMES.length * 2, { error: "That is more than there are permissions." })
  .transform((names) => [...new Set(names)]);

const expiresInDays = z
  .int({
    error: `Expiry is a whole number of days from 1 to ${MAX_EXPIRY_DAYS}; leave it out for a key that never expires.`,
  })
  .min(1, { error: `Expiry is at least 1 day.` })
  .max(MAX_EXPIRY_DAYS, { error: `Expiry is at most ${MAX_EXPIRY_DAYS} days.` });

export const createApiKeyInput = z.strictObject({
  teamId: opaqueId.nullish(),
  name: keyName,
  permissions: chosenPermissions,
  expiresInDays: expiresInDays.nullish(),
  replacesId: opaqueId.nullish(),
  /** In REST a header. */
  idempotencyKey: idempotencyKey.nullish(),
});
export type CreateApiKeyInput = z.output<typeof createApiKeyInput>;

export const renameApiKeyInput = z.strictObject({ id: opaqueId, name: keyName });

export const revokeApiKeyInput = z.strictObject({ id: opaqueId });
