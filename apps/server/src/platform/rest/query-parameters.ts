import { z } from "@hono/zod-openapi";

// A query string holds text only: these say what text means, and refuse what means nothing.

export const integerParameter = z
  .string()
  .regex(/^-?\d{1,9}$/, { error: "This is not a whole number." })
  .transform(Number)
  .openapi({ type: "integer" });

export const booleanParameter = z
  .enum(["true", "false"], { error: "Say true or false." })
  .transform((word) => word === "true")
  .openapi({ type: "boolean" });

/** Repeated: `?status=ACTIVE&status=EXPIRED`. */
export function listParameter<Item extends z.ZodType>(item: Item) {
  return z.union([z.array(item), item.transform((one) => [one])]).openapi({ type: "array" });
}
