import { signIn, type Session } from "../e2e/client.ts";
import type { Product } from "../e2e/product.ts";
import { liftLimit } from "./lift-limit.ts";
import { ceilingRow, type Row } from "./row.ts";
import { AUDIT_EVENTS } from "./seed-audit.ts";
import { percentile } from "./statistics.ts";

const REQUESTS = 200;
const OWNER = "owner@acme.example";

const QUERY = `query ($filter: AuditFilter) { auditLog(first: 50, filter: $filter) {
  pageInfo { hasNextPage endCursor }
  nodes { id at action actor { id name } actorKey { id label } target { id kind label } changes { field before after } ip userAgent requestId } } }`;

/** The newest 50 events among a million of one team: of a key, of a person, of an action, and what a text finds. */
export async function measureAudit(product: Product): Promise<Row[]> {
  await liftLimit(product, OWNER);
  const session = await signIn(product, OWNER);
  const [key, rare, person] = await idsOf(session);
  const filters = {
    "of a key": { keyId: key },
    "of a key, by somebody": { keyId: key, actorId: person },
    "of a key without any": { keyId: rare },
    "by a person": { actorId: person },
    "of an action": { actions: ["api_key.revoked"] },
    "of an action that hardly happened": { actions: ["member.added"] },
    "that a text finds": { search: "Partner" },
    "that a text does not find": { search: "no such thing" },
    "of any kind": {},
  };
  const milliseconds = new Map<string, number[]>(Object.keys(filters).map((name) => [name, []]));
  for (let request = -10; request < REQUESTS; request += 1) {
    for (const [name, filter] of Object.entries(filters)) {
      const startedAt = performance.now();
      const { status, body } = await session.graphql(QUERY, { filter });
      if (status !== 200 || "errors" in (body as object)) throw new Error(`${name}: ${JSON.stringify(body)}`);
      if (request >= 0) milliseconds.get(name)?.push(performance.now() - startedAt);
    }
  }
  const among = `among ${AUDIT_EVENTS.toLocaleString("en")} events, p95`;
  return [...milliseconds].map(([name, values]) =>
    ceilingRow(`Audit log: newest 50 ${name}, ${among}`, percentile(values, 0.95), 30, "ms"),
  );
}

async function idsOf(session: Session): Promise<[key: string, rare: string, person: string]> {
  const query = "{ apiKeys(first: 2) { nodes { id } } viewer { user { id } } }";
  const { body } = await session.graphql(query);
  const { apiKeys, viewer } = (
    body as { data: { apiKeys: { nodes: { id: string }[] }; viewer: { user: { id: string } } } }
  ).data;
  return [apiKeys.nodes[1]?.id ?? "", "key_00000000000000000000", viewer.user.id];
}
