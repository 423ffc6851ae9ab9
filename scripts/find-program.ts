import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Where servers are installed; not on the PATH of an ordinary user. */
const FOR_SERVERS = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/** The path of an installed program, or null. */
export function findProgram(name: string): string | null {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...FOR_SERVERS].filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, name)).find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
