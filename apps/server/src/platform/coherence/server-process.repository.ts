import type { ClientBase, Pool } from "pg";
import type { BarrierDatabase, ProcessRow } from "./barrier.ts";
import { heartbeatPayload, ownChannel, SHARED_CHANNEL, WAKE_PAYLOAD } from "./messages.ts";

/** Shown in pg_stat_activity for the listening connections, and for nothing else. */
export const LISTENER_NAME = "latchkey-coherence";

/** What tells of changes (R2); the migration makes them, and a test compares. */
export const TRIGGERS = [
  ...["api_key", "user", "team"].flatMap((table) => [`${table}_access_changed_by_update`]),
  ...["api_key", "user", "team"].flatMap((table) => triggersOf(table, ["delete", "truncate"])),
  ...["member", "subscription"].flatMap((table) => triggersOf(table, ["insert", "update", "delete", "truncate"])),
];

function triggersOf(table: string, operations: readonly string[]): string[] {
  return operations.map((operation) => `${table}_access_changed_by_${operation}`);
}

/** What PostgreSQL says of a connection: whether it is the one that the driver was told of (R7), and on the primary. */
export interface Standing {
  readonly backend_pid: number;
  readonly is_in_recovery: boolean;
}

export interface Renewal extends Standing {
  /** Milliseconds since 1970. */
  readonly database_time: number;
  /** Of those that R2 needs, how many are there and fire always. */
  readonly triggers: number;
  readonly queue_usage: number;
}

export async function readStanding(client: ClientBase): Promise<Standing> {
  const { rows } = await client.query<Standing>(
    "SELECT pg_backend_pid() AS backend_pid, pg_is_in_recovery() AS is_in_recovery",
  );
  return only(rows);
}

export async function listen(client: ClientBase, sessionId: string): Promise<void> {
  await client.query(`LISTEN ${SHARED_CHANNEL}; LISTEN ${client.escapeIdentifier(ownChannel(sessionId))}`);
}

/**
 * R3: one statement, so one transaction. A new row waits for the disk, whatever the database is set to: one that a crash
 * takes away would be a lease that nobody waits for. A row that is there already need not: after a crash it is older,
 * and waited for all the same. Notifying commits queue for each other, so each wait would be one of every revocation.
 */
export async function renew(client: ClientBase, sessionId: string, number: number): Promise<Renewal> {
  const { rows } = await client.query<Renewal>({
    name: "coherence_renew",
    text: `
      WITH renewed AS (
        INSERT INTO server_process (id, renewals) VALUES ($1, $2)
        ON CONFLICT (id) DO UPDATE SET renewals = excluded.renewals RETURNING xmax = 0 AS is_new)
      SELECT pg_notify($3, $4), set_config('synchronous_commit', CASE WHEN is_new THEN 'on' ELSE 'off' END, true),
             pg_backend_pid() AS backend_pid, pg_is_in_recovery() AS is_in_recovery,
             (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS database_time,
             (SELECT count(*)::int FROM pg_trigger
               WHERE tgname = ANY($5::text[]) AND tgenabled = 'A'
                 AND tgrelid IN (SELECT oid FROM pg_class WHERE relnamespace = current_schema()::regnamespace)) AS triggers,
             pg_notification_queue_usage() AS queue_usage
        FROM renewed`,
    values: [sessionId, number, ownChannel(sessionId), heartbeatPayload(number), TRIGGERS],
  });
  return only(rows);
}

/**
 * Says that all before this barrier was heard, and wakes those who wait for it; they look at the row. Not worth waiting
 * for the disk, in which notifying commits queue: an acknowledgement that a crash takes away was true.
 */
export async function acknowledge(
  client: ClientBase,
  sessionId: string,
  { number, waiters }: { readonly number: number; readonly waiters: readonly string[] },
): Promise<void> {
  await client.query({
    name: "coherence_acknowledge",
    text: `
      WITH acknowledged AS (
        UPDATE server_process SET acknowledged = greatest(acknowledged, $2) WHERE id = $1 RETURNING id)
      SELECT set_config('synchronous_commit', 'off', true), (SELECT count(pg_notify(channel, $4)) FROM unnest($3::text[]) AS channel)
        FROM acknowledged`,
    values: [sessionId, number, waiters.map(ownChannel), WAKE_PAYLOAD],
  });
}

/** R8: a listener that does not read keeps the notification queue from being emptied, and a full one stops every commit. */
export async function terminateStuckListeners(client: ClientBase): Promise<number> {
  const { rowCount } = await client.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = $1 AND wait_event = 'ClientWrite'`,
    [LISTENER_NAME],
  );
  return rowCount ?? 0;
}

interface StoredProcess {
  readonly id: string;
  readonly renewals: string;
  readonly acknowledged: string;
}

export interface ServerProcessRepository {
  /** What one barrier does; `waiter` is the session to be woken. */
  barrierDatabase(waiter: string | null): BarrierDatabase;
  readProcesses(): Promise<ProcessRow[]>;
  giveUp(rows: readonly ProcessRow[]): Promise<void>;
  /** Of sessions that have ended: nobody need wait for them. */
  remove(sessionIds: readonly string[]): Promise<void>;
}

/** Each call is a transaction of its own: a barrier must see what was committed until it asks. */
export function createServerProcessRepository(pool: Pool): ServerProcessRepository {
  const readProcesses = async (): Promise<ProcessRow[]> => {
    const { rows } = await pool.query<StoredProcess>({
      name: "coherence_read",
      text: "SELECT id, renewals, acknowledged FROM server_process",
    });
    return rows.map(({ id, renewals, acknowledged }) => ({
      id,
      renewals: Number(renewals),
      acknowledged: Number(acknowledged),
    }));
  };
  const giveUp = async (rows: readonly ProcessRow[]): Promise<void> => {
    await pool.query(
      `DELETE FROM server_process AS stored USING unnest($1::text[], $2::bigint[]) AS seen (id, renewals)
        WHERE stored.id = seen.id AND stored.renewals = seen.renewals`,
      [rows.map(({ id }) => id), rows.map(({ renewals }) => renewals)],
    );
  };
  return {
    readProcesses,
    giveUp,
    barrierDatabase: (waiter) => ({
      readProcesses,
      giveUp,
      async announce() {
        const { rows } = await pool.query<{ number: string }>({
          name: "coherence_announce",
          text: `
            SELECT number, pg_notify($1, 'b:' || number || ':' || $2), set_config('synchronous_commit', 'off', true)
              FROM nextval('barrier_number') AS number`,
          values: [SHARED_CHANNEL, waiter ?? ""],
        });
        return Number(only(rows).number);
      },
    }),
    async remove(sessionIds) {
      await pool.query("DELETE FROM server_process WHERE id = ANY($1::text[])", [sessionIds]);
    },
  };
}

function only<Row>([row]: readonly Row[]): Row {
  if (row === undefined) throw new Error("A statement that always has a row had none.");
  return row;
}
