import { existsSync } from "node:fs";
import { join } from "node:path";

const FILE = join(import.meta.dirname, "../../../../.env");

/** Puts the settings of a `.env` beside package.json into the environment, which wins over the file. */
export function loadEnvironmentFile(): void {
  if (existsSync(FILE)) process.loadEnvFile(FILE);
}
