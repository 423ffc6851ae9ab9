// What a page of keys costs at least: one named statement on a pool like the product's, behind a bare Hono route. No
// sign-in, no permissions, no limits. `node bench/bare-list.ts <database url>` prints its own address.
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import pg from "pg";

/** As many as the product's modules have. */
const CONNECTIONS = 36;

const PAGE = {
  name: "page_of_keys",
  text: `
    SELECT k.id, k.name, k.prefix, k.permissions, k.created_at, k.expires_at, k.revoked_at, l.last_used_at,
           c.id AS creator_id, c.name AS creator_name, c.is_super_admin, c.banned_at, c.ban_expires_at,
           m.role AS member_role, s.status AS subscription_status
      FROM api_key k
      JOIN "user" c ON c.id = k.created_by_id
      LEFT JOIN member m ON m.id = k.member_id
      LEFT JOIN subscription s ON s.team_id = k.team_id
      LEFT JOIN api_key_last_used l ON l.key_id = k.id
     WHERE k.team_id = $1
     ORDER BY k.created_at DESC, k.id DESC
     LIMIT 51`,
};

interface Row {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly permissions: string[];
  readonly created_at: Date;
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
  readonly last_used_at: Date | null;
  readonly creator_id: string;
  readonly creator_name: string;
}

const pool = new pg.Pool({ connectionString: process.argv[2], max: CONNECTIONS });
const app = new Hono();
app.post("/keys", async (context) => {
  const { teamId } = await context.req.json<{ teamId: string }>();
  const { rows } = await pool.query<Row>({ ...PAGE, values: [teamId] });
  const now = new Date();
  const nodes = rows.slice(0, 50).map((row) => ({
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    status:
      row.revoked_at !== null ? "REVOKED" : row.expires_at !== null && row.expires_at <= now ? "EXPIRED" : "ACTIVE",
    effectivePermissions: row.permissions,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsed: row.last_used_at,
    createdBy: { id: row.creator_id, name: row.creator_name },
  }));
  const pageInfo = { hasNextPage: rows.length > 50, endCursor: rows.at(-2)?.id ?? null };
  return context.json({ data: { apiKeys: { nodes, pageInfo } } });
});

const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, ({ port }) => {
  process.stdout.write(`http://127.0.0.1:${port}\n`);
});
process.once("SIGTERM", () => {
  server.close();
  void pool.end();
});
