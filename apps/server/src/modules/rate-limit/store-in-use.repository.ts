import type { Pool } from "pg";
import { SHARED_CHANNEL } from "../../platform/coherence/messages.ts";

export const STORE_KINDS = ["memory", "postgres", "redis"] as const;
export type StoreKind = (typeof STORE_KINDS)[number];

/** Where buckets are kept: for Redis also in which, as host:port/database. */
export interface StorePlace {
  readonly kind: StoreKind;
  readonly location: string;
}

/** The row of `limiter_store`. */
export interface StoreInUse extends StorePlace {
  readonly namespace: string;
  readonly generation: number;
  /** By the database's clock; null: the first store. */
  readonly takenOverAt: Date | null;
  /** How long ago that was when the row was read. */
  readonly takenOverMicrosecondsAgo: number | null;
}

/** What a process hears when the row has changed (see Coherence.onChange). */
export const STORE_CHANGED = "l:store";

const COLUMNS = `kind, location, namespace, generation, taken_over_at AS "takenOverAt",
  (extract(epoch FROM clock_timestamp() - taken_over_at) * 1000000)::float8 AS "takenOverMicrosecondsAgo"`;

const READ = { name: "read_limiter_store", text: `SELECT ${COLUMNS} FROM limiter_store` };

const INSTALL = `
  INSERT INTO limiter_store (kind, location, namespace) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING`;

const MOVE = `
  WITH moved AS (
    UPDATE limiter_store
       SET kind = $1, location = $2, generation = generation + 1, taken_over_at = clock_timestamp()
     WHERE (kind, location) <> ($1, $2) RETURNING 1
  ) SELECT pg_notify('${SHARED_CHANNEL}', '${STORE_CHANGED}') FROM moved`;

const SURPASS = `
  WITH moved AS (
    UPDATE limiter_store SET generation = $1 + 1, taken_over_at = clock_timestamp() WHERE generation < $1 RETURNING 1
  ) SELECT pg_notify('${SHARED_CHANNEL}', '${STORE_CHANGED}') FROM moved`;

export function createStoreInUseRepository(pool: Pool) {
  return {
    async read(): Promise<StoreInUse | null> {
      return (await pool.query<StoreInUse>(READ)).rows[0] ?? null;
    },
    /** For a deployment that has none yet. */
    async install({ kind, location }: StorePlace, namespace: string): Promise<void> {
      await pool.query(INSTALL, [kind, location, namespace]);
    },
    /** Whether somebody had to be moved. */
    async move({ kind, location }: StorePlace): Promise<boolean> {
      return (await pool.query(MOVE, [kind, location])).rowCount !== 0;
    },
    /** For a database that was set back: it would have every process count under a generation that is over. */
    async surpass(generation: number): Promise<void> {
      await pool.query(SURPASS, [generation]);
    },
  };
}
