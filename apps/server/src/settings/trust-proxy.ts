import { isIP } from "node:net";
import type { SettingReader } from "./setting-reader.ts";

/** Who may say in `X-Forwarded-For` where a request came from. */
export type TrustProxy =
  | { readonly kind: "nobody" }
  /** So many proxies stand in front of us, each of which adds whom it was asked by. */
  | { readonly kind: "hops"; readonly hops: number }
  /** The proxies' own addresses and networks. */
  | { readonly kind: "networks"; readonly networks: readonly string[] };

const MAX_HOPS = 16;

export function readTrustProxy(read: SettingReader): TrustProxy {
  const text = read.text("TRUST_PROXY");
  if (text === null) return { kind: "nobody" };
  if (/^\d+$/.test(text)) {
    const hops = read.wholeNumber("TRUST_PROXY", 1, MAX_HOPS, 1);
    return { kind: "hops", hops };
  }
  const networks = read.list("TRUST_PROXY");
  const wrong = networks.findIndex((network) => !isNetwork(network));
  if (wrong !== -1) {
    read.problem(
      "TRUST_PROXY",
      `has an entry (number ${wrong + 1}) that is neither an IP address nor a network. Set the number of proxies in front of this server, such as 1, or their addresses and networks, such as 10.0.0.0/8,fd00::/8.`,
    );
    return { kind: "nobody" };
  }
  return { kind: "networks", networks };
}

/** All of them, `0.0.0.0/0`, would trust every caller: that is a mistake in any deployment. */
function isNetwork(text: string): boolean {
  const [address = "", bits, ...rest] = text.split("/");
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  if (bits === undefined) return true;
  return /^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= (family === 4 ? 32 : 128);
}
