import type { Socket } from "node:net";
import pg from "pg";
import { LISTENER_NAME } from "../../src/platform/coherence/server-process.repository.ts";

/** A channel that none of our processes listens on: it fills the queue, and nothing else. */
const CHANNEL = "unread";

/** A backend that listens under our name, and whose client reads nothing more. */
export async function startDeafListener(databaseUrl: string): Promise<{ readonly backend: number; end(): void }> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: LISTENER_NAME });
  client.on("error", () => undefined);
  await client.connect();
  const { rows } = await client.query<{ pid: number }>(`SELECT pg_backend_pid() AS pid`);
  await client.query(`LISTEN ${CHANNEL}`);
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
  stream.pause();
  return { backend: rows[0]?.pid ?? 0, end: () => stream.destroy() };
}

/**
 * Notifies as long as that backend is there. At first its socket takes it all; then the queue is as long as what it has
 * not handed on, and here never longer than a third of what fits: a full one would fail whoever notifies.
 */
export async function notifyUntilEnded(databaseUrl: string, backend: number): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (;;) {
      const { rows } = await client.query<{ is_there: boolean; usage: number }>(
        "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = $1) AS is_there, pg_notification_queue_usage() AS usage",
        [backend],
      );
      if (rows[0]?.is_there !== true) return;
      if (rows[0].usage < 0.3) await notify(client);
    }
  } finally {
    await client.end();
  }
}

/** How much of the queue is used once PostgreSQL has looked at what everybody has read, which it does when it grows. */
export async function usageAfterMore(databaseUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await notify(client);
    const { rows } = await client.query<{ usage: number }>("SELECT pg_notification_queue_usage() AS usage");
    return rows[0]?.usage ?? 1;
  } finally {
    await client.end();
  }
}

/** Four pages of the queue. */
function notify(client: pg.Client): Promise<unknown> {
  return client.query(`SELECT pg_notify('${CHANNEL}', n || repeat('.', 7900)) FROM generate_series(1, 4) n`);
}
