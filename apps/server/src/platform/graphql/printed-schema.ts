import { lexicographicSortSchema, printSchema } from "graphql";
import { schema } from "./schema.ts";

/** The schema as text, sorted, so that the committed copy differs only where the contract does. */
export const printedSchema = `${printSchema(lexicographicSortSchema(schema))}\n`;
