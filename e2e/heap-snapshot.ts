import type { Page } from "playwright-core";

interface HeapSnapshot {
  readonly snapshot: {
    readonly meta: {
      readonly node_fields: readonly string[];
      readonly edge_fields: readonly string[];
    };
  };
  readonly nodes: readonly number[];
  readonly edges: readonly number[];
  readonly strings: readonly string[];
}

/** Everything that the page's JavaScript still holds, strings included, after the garbage has been collected: as JSON. */
export async function takeHeapSnapshot(page: Page): Promise<string> {
  const session = await page.context().newCDPSession(page);
  const chunks: string[] = [];
  session.on("HeapProfiler.addHeapSnapshotChunk", ({ chunk }) => chunks.push(chunk));
  await session.send("HeapProfiler.enable");
  await session.send("HeapProfiler.collectGarbage");
  await session.send("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
  await session.detach();
  return chunks.join("");
}

/** Where strings that should not be there are held from: for the message of a failing test. */
export function retainersOf(json: string, isSought: (text: string) => boolean): string[] {
  const { snapshot, nodes, edges, strings } = JSON.parse(json) as HeapSnapshot;
  const sought = new Set(strings.flatMap((text, index) => (isSought(text) ? [index] : [])));
  if (sought.size === 0) return [];
  const { node_fields, edge_fields } = snapshot.meta;
  const nodeSize = node_fields.length;
  const nameAt = node_fields.indexOf("name");
  const edgeCountAt = node_fields.indexOf("edge_count");
  const edgeSize = edge_fields.length;
  const edgeNameAt = edge_fields.indexOf("name_or_index");
  const toAt = edge_fields.indexOf("to_node");
  const found: string[] = [];
  let edge = 0;
  for (let node = 0; node < nodes.length; node += nodeSize) {
    const end = edge + (nodes[node + edgeCountAt] ?? 0) * edgeSize;
    for (; edge < end; edge += edgeSize) {
      const target = edges[edge + toAt] ?? 0;
      if (!sought.has(nodes[target + nameAt] ?? 0)) continue;
      const property = edges[edge + edgeNameAt] ?? 0;
      found.push(`${strings[nodes[node + nameAt] ?? 0]} → ${strings[property] ?? property}`);
    }
  }
  return found;
}
