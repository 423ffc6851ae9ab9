import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { Agent, get } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { hashSecret } from "@latchkey/key-format/hash";
import { generateSecret } from "@latchkey/key-format/secret";
import { findRunningPostgres } from "../apps/server/src/platform/database/running-postgres.ts";
import { runSql } from "../apps/server/test/database/run-sql.ts";
import { startProduct, type Product } from "../e2e/product.ts";
import { resident } from "./resident.ts";
import { ceilingRow, type Row } from "./row.ts";

const KEYS = 100_000;
const CONNECTIONS = 32;
const PAUSE_MILLISECONDS = 200;
const MEGABYTE = 1e6;

/** The whole server after 100,000 different keys have called it: their records, their buckets, and the record of the calls. */
export async function measureServerMemory(): Promise<Row[]> {
  const product = await startProduct();
  const secrets = await seedKeys(product);
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const caller = async () => {
    for (let secret = secrets.pop(); secret !== undefined; secret = secrets.pop()) {
      // A server whose calls wait too long to be stored takes no more for a moment.
      while (!(await verify(product, secret, agent))) await sleep(PAUSE_MILLISECONDS);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, caller));
  const held = resident(product.pid) / MEGABYTE;
  agent.destroy();
  return [ceilingRow("server that has verified 100,000 keys, all in its memory", held, 350, "MB")];
}

/** False: not now. */
function verify({ url }: Product, secret: string, agent: Agent): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const request = get(`${url}/api/v1/verify`, { agent, headers: { "x-api-key": secret } }, (response) => {
      response.resume();
      const { statusCode } = response;
      if (statusCode !== 204 && statusCode !== 503) return reject(new Error(`A key was answered ${statusCode}.`));
      response.on("end", () => resolve(statusCode === 204));
    });
    request.on("error", reject);
  });
}

/** As rows, since making them through the product takes minutes; of the product's own pepper, so that they work. */
async function seedKeys({ dataDir }: Product): Promise<string[]> {
  const kept = JSON.parse(readFileSync(join(dataDir, "secrets.json"), "utf8")) as {
    apiKeyPeppers: [{ id: string; secret: string }];
  };
  const [pepper] = kept.apiKeyPeppers;
  const secrets = Array.from({ length: KEYS }, () => generateSecret("lk", randomBytes));
  const database = await findRunningPostgres(dataDir, 5_000);
  if (database === null) throw new Error("The product's PostgreSQL was not found.");
  await runSql(
    database,
    `INSERT INTO api_key (id, team_id, created_by_id, member_id, name, prefix, secret_hash, pepper_id, permissions)
     SELECT 'key_' || lpad(n::text, 20, '0'), m.team_id, m.user_id, m.id, 'Key ' || n, 'lk_0000', decode(hash, 'hex'), $2,
            '{analytics:read,reports:read}'
       FROM unnest($1::text[]) WITH ORDINALITY AS given (hash, n),
            (SELECT m.* FROM member m JOIN "user" u ON u.id = m.user_id WHERE u.email = 'owner@acme.example') AS m`,
    [secrets.map((secret) => hashSecret(secret, pepper.secret).toString("hex")), pepper.id],
  );
  return secrets;
}
