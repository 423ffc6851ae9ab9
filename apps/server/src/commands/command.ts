import type { z } from "zod";
import { loadConfig, type Config } from "../config.ts";
import { isUnavailable } from "../platform/database/unavailable.ts";
import { loadEnvironmentFile } from "../settings/environment-file.ts";

/** What keeps a command from its work, as the sentence for the terminal. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

/**
 * Runs one command of the operator with the settings of the environment and `.env`. What it returns is printed; what
 * it cannot do is told in a sentence, and the process ends with 1.
 */
export async function runCommand(
  environment: NodeJS.ProcessEnv,
  work: (config: Config) => Promise<string>,
): Promise<void> {
  try {
    loadEnvironmentFile();
    console.log(await work(loadConfig(environment)));
  } catch (error) {
    console.error(sentenceOf(error));
    process.exitCode = 1;
  }
}

/** Checks what was typed; its first mistake is the sentence. */
export function parseTyped<Schema extends z.ZodType>(schema: Schema, typed: unknown): z.output<Schema> {
  const result = schema.safeParse(typed);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const [field] = issue?.path ?? [];
  throw new CommandError(
    `${field === undefined ? "" : `${String(field)}: `}${issue?.message ?? "This cannot be read."}`,
  );
}

function sentenceOf(error: unknown): string {
  if (isUnavailable(error)) {
    const { message } = error as Error;
    return `The database cannot be reached (${message}). Check DATABASE_URL and that PostgreSQL runs, then repeat the command.`;
  }
  return error instanceof Error ? error.message : String(error);
}
