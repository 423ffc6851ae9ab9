import pg from "pg";
import type { TestServer } from "../test-server.ts";

const ADVISORY_LOCK = 4_711;

/** Runs `act` while the first `count` transactions that make a key are refused at their commit, when all is written. */
export async function withCommitsFailing<Result>(
  server: TestServer,
  count: number,
  act: () => Promise<Result>,
): Promise<Result> {
  return withTrigger(
    server,
    // A sequence goes on when its transaction does not.
    `IF nextval('commit_trouble') <= ${count} THEN RAISE EXCEPTION 'Refused by the test.'; END IF;`,
    act,
  );
}

/** Runs `act`, and ends the database's process for it when everything is written and the commit is on its way. */
export async function withDeathAtCommit<Result>(server: TestServer, act: () => Promise<Result>): Promise<Result> {
  return withTrigger(server, `PERFORM pg_advisory_xact_lock(${ADVISORY_LOCK});`, async () => {
    const holder = new pg.Client({ connectionString: server.databaseUrl });
    await holder.connect();
    await holder.query(`SELECT pg_advisory_lock(${ADVISORY_LOCK})`);
    let isOver = false;
    const acting = act().finally(() => (isOver = true));
    // Its own patience may end first on a busy machine; that is a rolled-back transaction as well.
    while (!isOver) {
      const ended = await server.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = $1",
        [ADVISORY_LOCK],
      );
      if (ended.length > 0) break;
    }
    const result = await acting;
    await holder.end();
    return result;
  });
}

async function withTrigger<Result>(server: TestServer, body: string, act: () => Promise<Result>): Promise<Result> {
  await server.sql(`CREATE SEQUENCE commit_trouble;
    CREATE FUNCTION commit_trouble() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${body} RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER commit_trouble AFTER INSERT ON api_key
      DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION commit_trouble()`);
  try {
    return await act();
  } finally {
    await server.sql(
      "DROP TRIGGER commit_trouble ON api_key; DROP FUNCTION commit_trouble(); DROP SEQUENCE commit_trouble",
    );
  }
}
