import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createKeyCache } from "../apps/server/src/modules/api-keys/verification/key-cache.ts";
import type { KeyRecord } from "../apps/server/src/modules/api-keys/verification/key-record.ts";
import { createId } from "../apps/server/src/platform/id.ts";
import { ceilingRow, type Row } from "./row.ts";

const KEYS = 100_000;
const KEYS_PER_TEAM = 20;
const PERMISSIONS = ["analytics:read", "campaigns:read", "reports:read", "billing:read"];

/** What a key costs in memory, in a process of its own: 100,000 of 5,000 teams, each with a name of its own. */
export function measureCacheMemory(): Row[] {
  const output = execFileSync(process.execPath, ["--expose-gc", import.meta.filename], { encoding: "utf8" });
  return [ceilingRow("memory per cached key", Number(output), 1_500, "bytes")];
}

/** As rows of the database come: no two share a string. */
function keyOf(number: number, teamId: string, userId: string): KeyRecord {
  const copy = (text: string) => Buffer.from(text).toString();
  return {
    id: copy(createId("key")),
    name: copy(`Nightly export ${number}`),
    prefix: copy(`lk_${randomBytes(2).toString("hex")}`),
    pepperId: copy("2026-11"),
    permissions: PERMISSIONS.slice(number % PERMISSIONS.length).map(copy),
    expiresAt: number % 3 === 0 ? new Date(2e12 + number) : null,
    revokedAt: null,
    memberId: copy(createId("member")),
    creator: { id: copy(userId), name: copy("Olivia Owner"), isSuperAdmin: false, bannedAt: null, banExpiresAt: null },
    membership: { id: copy(userId), role: copy("owner") },
    team: {
      id: copy(teamId),
      name: copy("Acme Ads"),
      slug: copy("acme-ads"),
      plan: "growth",
      requestsPerMinute: 600,
      subscriptionStatus: copy("active"),
    },
  };
}

if (process.argv[1] === import.meta.filename) {
  const collect = () => {
    globalThis.gc?.();
    return process.memoryUsage().heapUsed + process.memoryUsage().external;
  };
  const cache = createKeyCache({ maxKeys: KEYS });
  const before = collect();
  let teamId = "";
  let userId = "";
  for (let number = 0; number < KEYS; number += 1) {
    if (number % KEYS_PER_TEAM === 0) [teamId, userId] = [createId("team"), createId("user")];
    cache.set(randomBytes(32), keyOf(number, teamId, userId));
  }
  const bytes = (collect() - before) / cache.size;
  console.log(bytes.toFixed(0));
}
