import { z } from "@hono/zod-openapi";

// A query string holds text only: these say what text means, and refuse what means nothing.

const ONCE = { error: "Send this parameter once." };

export const textParameter = z.string(ONCE);

export const integerParameter = textParameter
  .regex(/^-?\d{1,9}$/, { error: "This is not a whole number." })
  .transform(Number)
  .openapi({ type: "integer" });

export const booleanParameter = z
  .enum(["true", "false"], { error: "Say true or false." })
  .transform((word) => word === "true")
  .openapi({ type: "boolean" });

export const instantParameter = textParameter
  .pipe(z.iso.datetime({ error: "Write an instant as ISO 8601 in UTC, such as 2026-11-22T08:30:00Z." }))
  .transform((text) => new Date(text))
  .openapi({ type: "string", format: "date-time" });

/** Repeated: `?status=ACTIVE&status=EXPIRED`. */
export function listParameter<Item extends z.ZodType>(item: Item) {
  const items = { type: "string" as const, ...(item instanceof z.ZodEnum ? { enum: item.options } : {}) };
  return z
    .preprocess((value) => (Array.isArray(value) ? value : [value]), z.array(item))
    .openapi({ type: "array", items });
}
