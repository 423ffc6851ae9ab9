interface Edge<Node> {
  readonly node: Node;
  readonly cursor: string;
}

interface Connection<Node> {
  readonly edges: Edge<Node>[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

/** A page of a service as Relay's connection. Lists go forward only: there is a page before where one was asked after. */
export function toConnection<Node>(
  edges: Edge<Node>[],
  hasMore: boolean,
  after: string | null | undefined,
): Connection<Node> {
  return {
    edges,
    pageInfo: {
      hasNextPage: hasMore,
      hasPreviousPage: after != null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
