import type { TestServer } from "./test-server.ts";

/** Rows of every table but those of the calls and of the server itself: for tests of what must change nothing. */
export async function rowCounts(server: TestServer): Promise<object[]> {
  const tables = await server.sql<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()
      AND tablename NOT IN ('api_key_last_used', 'api_key_permission_used', 'rate_bucket', 'server_process')
      AND tablename NOT LIKE 'activity%' ORDER BY 1`,
  );
  if (tables.length < 10) throw new Error("These are not the tables.");
  return server.sql(
    tables.map(({ name }) => `SELECT '${name}' AS name, count(*)::int AS rows FROM "${name}"`).join(" UNION ALL "),
  );
}
