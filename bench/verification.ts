import { findRunningPostgres } from "../apps/server/src/platform/database/running-postgres.ts";
import { runSql } from "../apps/server/test/database/run-sql.ts";
import { signIn } from "../e2e/client.ts";
import type { Product } from "../e2e/product.ts";
import { liftLimit } from "./lift-limit.ts";
import { alternate, type Load, type Target } from "./load.ts";
import { startPeer } from "./peers/start-peer.ts";
import { ceilingRow, ratioRow, type Row } from "./row.ts";

const KEYS = 1_000;
const CONNECTIONS = 32;
/** As many as our verification has. */
const PEER_POOL = 32;

export interface VerificationMeasured {
  readonly rows: Row[];
  readonly loads: Readonly<Record<string, Load>>;
}

/** A verified, limited, recorded call beside the same server's bare route, and beside the stock plugin. */
export async function measureVerification(product: Product): Promise<VerificationMeasured> {
  await liftLimit(product, "owner@acme.example");
  const keys = await makeKeys(product, KEYS);
  const peer = await startPeer("stock-plugin.ts", await emptyDatabase(product), String(PEER_POOL), String(KEYS));
  try {
    const [port, list = "[]"] = peer.line.split(/ (.*)/s);
    const loads = await alternate(targets(product, keys, `http://127.0.0.1:${port}/me`, JSON.parse(list) as string[]), {
      connections: CONNECTIONS,
    });
    return { rows: rowsOf(loads), loads };
  } finally {
    await peer.stop();
  }
}

function targets({ url, printedKey }: Product, keys: readonly string[], peerUrl: string, peerKeys: readonly string[]) {
  const me = `${url}/api/v1/auth/me`;
  const [peerKey = ""] = peerKeys;
  const withKey = (key: string) => ({ "x-api-key": key });
  return [
    { name: "bare", url: `${url}/api/v1` },
    { name: "verified", url: me, headers: withKey(printedKey) },
    { name: "verified, 1,000 keys", url: me, inTurn: keys.map(withKey) },
    // From one address, so most of them are told that they come too often.
    { name: "malformed", url: me, headers: withKey("lk_abc"), expected: [401, 429] },
    { name: "stock plugin", url: peerUrl, headers: withKey(peerKey) },
    { name: "stock plugin, 1,000 keys", url: peerUrl, inTurn: peerKeys.map(withKey) },
  ] as const satisfies readonly Target[];
}

type Names = ReturnType<typeof targets>[number]["name"];

function rowsOf(loads: Record<Names, Load>): Row[] {
  const { bare, verified, malformed } = loads;
  const stock = { hot: loads["stock plugin"], many: loads["stock plugin, 1,000 keys"] };
  return [
    ratioRow("verified, limited, recorded `GET /auth/me` / bare route", verified.perSecond / bare.perSecond, 0.6),
    ratioRow("the same / stock plugin, one hot key", verified.perSecond / stock.hot.perSecond, 50, "×"),
    ratioRow(
      "the same / stock plugin, 1,000 keys",
      loads["verified, 1,000 keys"].perSecond / stock.many.perSecond,
      30,
      "×",
    ),
    ceilingRow("p99 at 32 connections / the bare route's p99", verified.p99 / bare.p99, 3, "×"),
    ratioRow("malformed key / bare route", malformed.perSecond / bare.perSecond, 0.8),
  ];
}

async function makeKeys(product: Product, count: number): Promise<string[]> {
  const owner = await signIn(product, "owner@acme.example");
  const mutation = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { ... on CreateApiKeyPayload { key } } }`;
  const make = async (name: string): Promise<string> => {
    const { body } = await owner.graphql(mutation, { input: { name, permissions: ["analytics:read"] } });
    const { key } = (body as { data: { createApiKey: { key?: string } } }).data.createApiKey;
    if (key === undefined) throw new Error(`A key was not made: ${JSON.stringify(body)}`);
    return key;
  };
  const keys: string[] = [];
  while (keys.length < count)
    keys.push(...(await Promise.all(Array.from({ length: 10 }, (_, i) => make(`Bench ${keys.length + i}`)))));
  return keys;
}

/** On the same PostgreSQL, for the peer alone. */
async function emptyDatabase({ dataDir }: Product): Promise<string> {
  const url = await findRunningPostgres(dataDir, 5_000);
  if (url === null) throw new Error("The product's PostgreSQL was not found.");
  await runSql(url, "CREATE DATABASE stock_plugin");
  const peerUrl = new URL(url);
  peerUrl.pathname = "/stock_plugin";
  return peerUrl.toString();
}
