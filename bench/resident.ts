import { readdirSync, readFileSync } from "node:fs";

/** Bytes of memory that a server holds: its process, and those of its workers if it has any; PostgreSQL is not ours. */
export function resident(pid: number): number {
  const [program = ""] = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  if (!/\bnode$/.test(program)) return 0;
  const [, kibibytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").split(" ").filter(Boolean).map(Number),
  );
  return Number(kibibytes) * 1_024 + children.reduce((sum, child) => sum + resident(child), 0);
}
