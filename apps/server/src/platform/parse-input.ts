import type { z } from "zod";
import type { FieldError } from "@latchkey/types/error-codes";
import { InvalidInputError } from "./domain-error.ts";

/** Checks an input against its schema from packages/types; every problem is named at once, by its path. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new InvalidInputError(result.error.issues.flatMap(fieldErrors));
}

/** An unknown field is named itself, not the object that holds it. */
export function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  const path = issue.path.map((segment) => (typeof segment === "symbol" ? String(segment) : segment));
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ path: [...path, key], message: "There is no such field." }));
  }
  return [{ path, message: issue.message }];
}
