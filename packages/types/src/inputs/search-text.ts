import { z } from "zod";

export const MAX_SEARCH_LENGTH = 100;

/** What a list is searched for. Nothing that is stored has a NUL in it, and PostgreSQL refuses to look for one. */
export const searchText = z
  .string({ error: "Search for text." })
  .max(MAX_SEARCH_LENGTH, { error: `Search for at most ${MAX_SEARCH_LENGTH} characters.` })
  .refine((text) => !text.includes("\u0000"), { error: "Search for text without a NUL character." });
