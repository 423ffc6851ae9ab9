import { z } from "@hono/zod-openapi";
import { REFUSAL_STEPS } from "@latchkey/types/activity";
import type { ExportColumn } from "../../platform/rest/export.ts";
import type { RecordedCall } from "./recorded-call.ts";
import type { Refusal } from "./refusal.ts";

export const CALL_EXAMPLE = {
  requestId: "req_0000000000000000000a",
  at: "2026-11-22T08:30:00.000Z",
  apiKey: { id: "key_0000000000000000000a", name: "BI dashboard", prefix: "lk_1a2B" },
  actor: { id: "user_0000000000000000000a", name: "Olivia Owner" },
  method: "GET",
  operation: "/api/v1/verify",
  status: 403,
  code: "permission_missing",
  requiredPermission: "campaigns:launch",
  durationMilliseconds: 1.25,
  ip: "203.0.113.21",
  calls: 1,
} as const;

export const callJson = z
  .object({
    requestId: z.string(),
    at: z.iso.datetime(),
    apiKey: z
      .object({ id: z.string(), name: z.string(), prefix: z.string() })
      .nullable()
      .openapi({ description: "With which key; null for a session." }),
    actor: z
      .object({ id: z.string(), name: z.string() })
      .nullable()
      .openapi({ description: "Who called; of a key, who made it." }),
    method: z.string(),
    operation: z.string().openapi({
      description: "The template of a REST route, or the name or the root fields of a GraphQL operation.",
    }),
    status: z.number().int(),
    code: z.string().nullable().openapi({ description: "Why it was refused; null: it was not." }),
    requiredPermission: z.string().nullable().openapi({ description: "Of `permission_missing`: which one." }),
    durationMilliseconds: z.number(),
    ip: z.string(),
    calls: z.number().int().openapi({
      description: "More than one: that many were refused by the rate limit in this second; this was the first.",
    }),
  })
  .openapi("Call", {
    description: "A call of a key or a session, as it was answered.",
    example: structuredClone(CALL_EXAMPLE) as never,
  });

export function toCallJson({ at, actor, ...call }: RecordedCall): z.input<typeof callJson> {
  return { ...call, at: at.toISOString(), actor: actor === null ? null : { id: actor.id, name: actor.name } };
}

export const refusalJson = z
  .object({
    call: callJson,
    step: z.enum(REFUSAL_STEPS).nullable().openapi({ description: "What refused it; null: it was not refused." }),
    needed: z.string().nullable().openapi({ description: "What it would have needed; null: it was not refused." }),
  })
  .openapi("Refusal", {
    description: "Why a call was refused.",
    example: {
      call: structuredClone(CALL_EXAMPLE) as never,
      step: "PERMISSION",
      needed:
        "The permission campaigns:launch. The key was made without it, and permissions cannot be added: replace it by one that has it.",
    },
  });

export const toRefusalJson = ({ call, step, needed }: Refusal): z.input<typeof refusalJson> => ({
  call: toCallJson(call),
  step,
  needed,
});

/** The columns of the CSV file; new ones are added at the end. */
export const CALL_COLUMNS: readonly ExportColumn<RecordedCall>[] = [
  { name: "requestId", value: ({ requestId }) => requestId },
  { name: "at", value: ({ at }) => at },
  { name: "keyId", value: ({ apiKey }) => apiKey?.id ?? null },
  { name: "keyName", value: ({ apiKey }) => apiKey?.name ?? null },
  { name: "actorId", value: ({ actor }) => actor?.id ?? null },
  { name: "actorName", value: ({ actor }) => actor?.name ?? null },
  { name: "method", value: ({ method }) => method },
  { name: "operation", value: ({ operation }) => operation },
  { name: "status", value: ({ status }) => status },
  { name: "code", value: ({ code }) => code },
  { name: "requiredPermission", value: ({ requiredPermission }) => requiredPermission },
  { name: "durationMilliseconds", value: ({ durationMilliseconds }) => durationMilliseconds },
  { name: "ip", value: ({ ip }) => ip },
  { name: "calls", value: ({ calls }) => calls },
];
