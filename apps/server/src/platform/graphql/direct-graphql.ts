import type { Readable } from "node:stream";
import type { Config } from "../../config.ts";
import type { Understand } from "../direct-door.ts";
import { DomainError } from "../domain-error.ts";
import { createHostCheck } from "../origin.ts";
import type { GraphQLDoor } from "./graphql-door.ts";
import { MAX_BODY_BYTES } from "./limits.ts";

const UNUSUAL = ["x-api-key", "authorization", "transfer-encoding", "content-encoding", "expect", "upgrade"] as const;
const JSON_TYPE = /^application\/json(?:; ?charset=utf-8)?$/i;

/** What a page of our own sends: POST, JSON of a length that it says, our origin, our host, a cookie, no key. */
export function createDirectGraphQL(
  { allowedOrigins, trustedOrigins }: Pick<Config, "allowedOrigins" | "trustedOrigins">,
  door: GraphQLDoor,
): Understand {
  const isTrustedHost = createHostCheck(allowedOrigins);
  // Others that are trusted get CORS headers, by the ordinary way.
  const ownOrigins = new Set(allowedOrigins.filter((origin) => !trustedOrigins.includes(origin)));

  return ({ method, url, headers }, body) => {
    if (body === null || method !== "POST" || url !== "/graphql" || headers.cookie === undefined) return null;
    if (!ownOrigins.has(headers.origin ?? "") || !isTrustedHost(headers.host ?? null)) return null;
    if (!JSON_TYPE.test(headers["content-type"] ?? "") || !hasFitLength(headers["content-length"])) return null;
    if (UNUSUAL.some((name) => headers[name] !== undefined)) return null;
    return {
      operation: url,
      refuse: door.refuse,
      async answer(arrival) {
        try {
          const text = await textOf(body);
          return await door.answer({ headers: new Headers(headers as Record<string, string>), text }, arrival);
        } catch (error) {
          return door.refuse(error, arrival);
        }
      },
    };
  };
}

function hasFitLength(length: string | undefined): boolean {
  return length !== undefined && /^\d{1,9}$/.test(length) && Number(length) <= MAX_BODY_BYTES;
}

const decoder = new TextDecoder();

/** Node.js reads as many bytes as the request says it has. */
function textOf(body: Readable): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    body.on("data", (chunk: Buffer) => void chunks.push(chunk));
    body.on("end", () => resolve(decoder.decode(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))));
    // Nobody is there any more to read why.
    body.on("error", (cause) => reject(new DomainError("malformed_request", "The body ended early.", {}, { cause })));
  });
}
