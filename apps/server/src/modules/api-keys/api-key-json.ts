import { z } from "@hono/zod-openapi";
import { API_KEY_STATUSES, BLOCKED_REASONS } from "@latchkey/types/api-key-status";
import type { Person } from "../people/person.ts";
import type { ApiKey } from "./api-key.ts";

const instant = z.iso.datetime();
const personJson = z
  .object({ id: z.string(), name: z.string() })
  .openapi("Person", { description: "A person, also one who has left." });

const EXAMPLE = {
  id: "key_0000000000000000000a",
  name: "BI dashboard",
  prefix: "lk_4f9A",
  status: "ACTIVE",
  blockedReason: null,
  permissions: ["analytics:read", "reports:read"],
  effectivePermissions: ["analytics:read", "reports:read"],
  createdAt: "2026-11-22T08:30:00.000Z",
  createdBy: { id: "user_0000000000000000000a", name: "Olivia Owner" },
  expiresAt: null,
  expiresSoon: false,
  lastUsed: "2026-11-22T09:00:00.000Z",
  lastUsedIp: "203.0.113.7",
  revokedAt: null,
  revokedBy: null,
  replacesId: null,
  replacedById: null,
} as const;

/** A key as REST shows it; the names are GraphQL's. */
export const apiKeyJson = z
  .object({
    id: z.string(),
    name: z.string(),
    prefix: z.string(),
    status: z.enum(API_KEY_STATUSES),
    blockedReason: z.enum(BLOCKED_REASONS).nullable(),
    permissions: z.array(z.string()),
    effectivePermissions: z.array(z.string()),
    createdAt: instant,
    createdBy: personJson,
    expiresAt: instant.nullable(),
    expiresSoon: z.boolean(),
    lastUsed: instant.nullable(),
    lastUsedIp: z.string().nullable(),
    revokedAt: instant.nullable(),
    revokedBy: z.union([personJson, z.null()]),
    replacesId: z.string().nullable(),
    replacedById: z.string().nullable(),
  })
  .openapi("ApiKey", {
    description: "A key's record; never its secret.",
    example: EXAMPLE,
  });

export const newApiKeyJson = apiKeyJson.extend({ key: z.string() }).openapi("NewApiKey", {
  description: "A key's record with its secret, for the only time.",
  example: { ...EXAMPLE, key: "lk_4f9A0000000000000000000000000000000000" },
});

export const replayedApiKeyJson = apiKeyJson.extend({ key: z.null() }).openapi("ReplayedApiKey", {
  description: "The record of a key that an earlier call made; its secret was in that call's answer.",
  example: { ...EXAMPLE, key: null },
});

export function toApiKeyJson(key: ApiKey): z.input<typeof apiKeyJson> {
  return {
    id: key.id,
    name: key.name,
    prefix: key.prefix,
    status: key.status,
    blockedReason: key.blockedReason,
    permissions: [...key.permissions],
    effectivePermissions: [...key.effectivePermissions],
    createdAt: key.createdAt.toISOString(),
    createdBy: toPersonJson(key.createdBy),
    expiresAt: key.expiresAt?.toISOString() ?? null,
    expiresSoon: key.expiresSoon,
    lastUsed: key.lastUsed?.toISOString() ?? null,
    lastUsedIp: key.lastUsedIp,
    revokedAt: key.revokedAt?.toISOString() ?? null,
    revokedBy: key.revokedBy === null ? null : toPersonJson(key.revokedBy),
    replacesId: key.replacesId,
    replacedById: key.replacedById,
  };
}

function toPersonJson({ id, name }: Person): z.input<typeof personJson> {
  return { id, name };
}
