// What the protocol of decision 0018 costs: `node bench/coherence-cost.ts`. N server processes, as sessions of this one,
// on an embedded PostgreSQL: what they do while nothing happens, and how long a barrier takes.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createCoherence } from "../apps/server/src/platform/coherence/create-coherence.ts";
import { startEmbeddedPostgres } from "../apps/server/src/platform/database/embedded-postgres.ts";
import { migrate } from "../apps/server/src/platform/database/migrations.ts";
import { createPgPool } from "../apps/server/src/platform/database/pools.ts";
import { terminalLog } from "../apps/server/src/platform/database/terminal-log.ts";
import { percentile } from "./statistics.ts";

const IDLE_SECONDS = 10;
const BARRIERS = 300;

const dataDir = mkdtempSync(join(tmpdir(), "latchkey-bench-"));
const postgres = await startEmbeddedPostgres({ dataDir, log: terminalLog });
const pool = createPgPool(postgres.url, { log: terminalLog, name: "bench", max: 8 });

async function counters() {
  const { rows } = await pool.query<Record<string, number>>(
    `SELECT n_tup_upd::float8 AS updates, n_tup_hot_upd::float8 AS hot, autovacuum_count::float8 AS vacuums,
            pg_total_relation_size('server_process')::float8 / 1024 AS kilobytes,
            (pg_current_wal_lsn() - '0/0')::float8 / 1024 AS wal,
            (SELECT sum(xact_commit)::float8 FROM pg_stat_database WHERE datname = current_database()) AS commits
       FROM pg_stat_user_tables WHERE relname = 'server_process'`,
  );
  return rows[0] ?? {};
}

try {
  await migrate({ url: postgres.url, log: terminalLog });
  for (const count of [1, 3, 10, 30]) {
    const processes = Array.from({ length: count }, () =>
      createCoherence({ directUrl: postgres.url, pool, log: terminalLog }),
    );
    await Promise.all(processes.map((process) => process.start()));
    await sleep(1_000);
    const before = await counters();
    await sleep(IDLE_SECONDS * 1_000);
    const after = await counters();
    const perSecond = (name: string) => (((after[name] ?? 0) - (before[name] ?? 0)) / IDLE_SECONDS).toFixed(1);
    const milliseconds: number[] = [];
    for (let barrier = 0; barrier < BARRIERS; barrier += 1) {
      const startedAt = performance.now();
      await processes[barrier % count]?.barrier();
      milliseconds.push(performance.now() - startedAt);
    }
    console.log(
      `${count} processes: idle ${perSecond("updates")} updates/s (${perSecond("hot")} in place), ${perSecond("wal")} kB WAL/s, ${perSecond("vacuums")} vacuums/s, table ${after["kilobytes"]} kB;`,
      `barrier p50 ${percentile(milliseconds, 0.5).toFixed(1)} ms, p99 ${percentile(milliseconds, 0.99).toFixed(1)} ms`,
    );
    await Promise.all(processes.map((process) => process.stop()));
  }
} finally {
  await pool.end();
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
