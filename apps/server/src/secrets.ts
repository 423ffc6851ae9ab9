import { randomBytes } from "node:crypto";
import { chmod, link, mkdir, open, readFile, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Config, Pepper, Peppers } from "./config.ts";
import { weaknessOf } from "./settings/secret-strength.ts";

export interface Secrets {
  readonly betterAuthSecret: string;
  readonly peppers: Peppers;
}

/** The kept secrets cannot be used, and new ones would make every key and session useless: a person has to look. */
export class SecretsFileError extends Error {
  constructor(file: string, reason: string, options?: ErrorOptions) {
    super(
      `${file} ${reason}. Restore it from a backup: without its peppers no existing key can be verified. ` +
        `Only if there are no keys to keep, remove it, and a new one is made.`,
      options,
    );
    this.name = "SecretsFileError";
  }
}

const strongSecret = z.string().refine((secret) => weaknessOf(secret) === null);
const secretsFile = z.strictObject({
  betterAuthSecret: strongSecret,
  apiKeyPeppers: z.array(z.strictObject({ id: z.string().regex(/^[a-z0-9_-]{1,32}$/), secret: strongSecret })).min(1),
});
type SecretsFile = z.output<typeof secretsFile>;

/** 256 random bits. */
export function makeSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** A pepper for new keys; its id says when it was made, so that ids stay distinct when peppers are rotated. */
export function makePepper(now: Date): Pepper {
  return { id: `p${now.toISOString().slice(0, 10).replaceAll("-", "")}`, secret: makeSecret() };
}

/**
 * The configured secrets; those that are not configured are kept in `secrets.json` under the data folder, and made
 * on the first start.
 * @throws SecretsFileError if that file is there and not as it was made
 */
export async function resolveSecrets(
  config: Pick<Config, "dataDir" | "betterAuthSecret" | "apiKeyPeppers">,
  now: Date = new Date(),
): Promise<Secrets> {
  const { betterAuthSecret, apiKeyPeppers } = config;
  if (betterAuthSecret !== null && apiKeyPeppers !== null) return { betterAuthSecret, peppers: apiKeyPeppers };
  const file = join(config.dataDir, "secrets.json");
  const kept = (await readSecrets(file)) ?? (await makeSecrets(config.dataDir, file, now));
  return { betterAuthSecret: betterAuthSecret ?? kept.betterAuthSecret, peppers: apiKeyPeppers ?? kept.peppers };
}

async function readSecrets(file: string): Promise<Secrets | null> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
    // A restored backup may have come back readable for everybody.
    if (((await stat(file)).mode & 0o077) !== 0) await chmod(file, 0o600);
  } catch (error) {
    if (isErrorCode(error, "ENOENT")) return null;
    throw new SecretsFileError(file, `cannot be read (${String((error as NodeJS.ErrnoException).code)})`, {
      cause: error,
    });
  }
  return parseSecrets(file, text);
}

function parseSecrets(file: string, text: string): Secrets {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // Without the cause: the message of a JSON error quotes the text.
    throw new SecretsFileError(file, text.trim() === "" ? "is empty" : "is not valid JSON");
  }
  const parsed = secretsFile.safeParse(json);
  if (!parsed.success) {
    const path = parsed.error.issues[0]?.path.join(".") ?? "";
    throw new SecretsFileError(
      file,
      path === "" ? "lacks a secret or holds something else" : `has no good value for ${path}`,
    );
  }
  const [first, ...others] = parsed.data.apiKeyPeppers;
  if (first === undefined) throw new SecretsFileError(file, "holds no pepper");
  return { betterAuthSecret: parsed.data.betterAuthSecret, peppers: [first, ...others] };
}

async function makeSecrets(dataDir: string, file: string, now: Date): Promise<Secrets> {
  const made: SecretsFile = { betterAuthSecret: makeSecret(), apiKeyPeppers: [makePepper(now)] };
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const temporary = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
  await writeDurably(temporary, `${JSON.stringify(made, null, 2)}\n`);
  try {
    // A link, not a rename: it never replaces what another start has written in the meantime.
    await link(temporary, file);
  } catch (error) {
    if (!isErrorCode(error, "EEXIST")) throw error;
  } finally {
    await unlink(temporary);
  }
  await syncFolder(dataDir);
  const kept = await readSecrets(file);
  if (kept === null) throw new SecretsFileError(file, "vanished while it was being made");
  return kept;
}

async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, "wx", 0o600);
  try {
    await handle.writeFile(text, "utf8");
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** After a crash the name has to be there as well as the content: rows hashed under the pepper may have survived. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isErrorCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
