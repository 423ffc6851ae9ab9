// Better Auth's own api-key plugin behind Hono, as its documentation sets it up: a `pg` pool, keys in the database, a
// rate limit for every key. `node stock-plugin.ts <database> <connections> <keys>` makes the keys, prints
// `<port> <keys as JSON>` and serves until it is told to end.
import { randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";
import { apiKey } from "@better-auth/api-key";
import { serve } from "@hono/node-server";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { Hono } from "hono";
import pg from "pg";

const [databaseUrl = "", connections = "32", keyCount = "1000"] = process.argv.slice(2);

const auth = betterAuth({
  baseURL: "http://127.0.0.1",
  secret: randomBytes(32).toString("base64url"),
  database: new pg.Pool({ connectionString: databaseUrl, max: Number(connections) }),
  emailAndPassword: { enabled: true },
  telemetry: { enabled: false },
  logger: { disabled: true },
  plugins: [
    apiKey({
      // As ours in the same measurement: every call is counted, and none is refused.
      rateLimit: { enabled: true, timeWindow: 60_000, maxRequests: 1_000_000_000 },
    }),
  ],
});

const { runMigrations } = await getMigrations(auth.options);
await runMigrations();
const { user } = await auth.api.signUpEmail({
  body: { name: "Olivia Owner", email: "owner@acme.example", password: randomBytes(16).toString("base64url") },
});
const keys: string[] = [];
for (let made = 0; made < Number(keyCount); made += 1) {
  const { key } = await auth.api.createApiKey({ body: { name: `Key ${made}`, userId: user.id } });
  keys.push(key);
}

const app = new Hono();
app.get("/me", async (context) => {
  const { valid, key } = await auth.api.verifyApiKey({ body: { key: context.req.header("x-api-key") ?? "" } });
  if (!valid || key === null) return context.json({ code: "key_invalid" }, 401);
  return context.json({ user: { id: key.referenceId }, key: { id: key.id, name: key.name, expiresAt: key.expiresAt } });
});

const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, (address: AddressInfo) => {
  console.log(`${address.port} ${JSON.stringify(keys)}`);
});
process.once("SIGTERM", () => server.close(() => process.exit(0)));
