import { isIP, isIPv4 } from "node:net";
import ipaddr from "ipaddr.js";
import proxyAddr from "proxy-addr";
import type { TrustProxy } from "../settings/trust-proxy.ts";

/** Whom a request came from: as the socket says, or as proxies say that the operator named. */
export type ClientAddress = (socketAddress: string, forwardedFor: string | null) => string;

export function createClientAddress(trust: TrustProxy): ClientAddress {
  if (trust.kind === "nobody") return canonicalAddress;
  const isTrusted =
    trust.kind === "hops"
      ? (_address: string, distance: number) => distance < trust.hops
      : proxyAddr.compile([...trust.networks]);

  return (socketAddress, forwarded) => {
    if (forwarded === null) return canonicalAddress(socketAddress);
    // Nearest first: as far as each of them vouches for the next.
    const chain = proxyAddr.all(
      { headers: { "x-forwarded-for": forwarded }, socket: { remoteAddress: socketAddress } } as unknown as Parameters<
        typeof proxyAddr.all
      >[0],
      isTrusted,
    );
    // What a trusted proxy wrote can still be no address: "unknown", or a name. Then the proxy is whom we know.
    const known = chain.map(withoutPort).findLast((address) => isIP(address) !== 0);
    return canonicalAddress(known ?? socketAddress);
  };
}

/** Some proxies write `203.0.113.7:4711` or `[2001:db8::1]:4711`. */
function withoutPort(text: string): string {
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1];
  if (bracketed !== undefined) return bracketed;
  return /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(text)?.[1] ?? text;
}

/** One spelling for one address: an IPv4 address in IPv6 clothes is told as IPv4, and zones are left out. */
export function canonicalAddress(address: string): string {
  if (isIPv4(address) || !ipaddr.isValid(address)) return address;
  const [withoutZone = address] = address.split("%");
  return ipaddr.process(withoutZone).toString();
}

/**
 * Whom to count as one stranger: an IPv4 address, or the /64 that a single household or machine of IPv6 has, in which it
 * can take as many addresses as it likes.
 */
export function networkOf(address: string): string {
  const canonical = canonicalAddress(address);
  if (isIPv4(canonical) || !ipaddr.isValid(canonical)) return canonical;
  const parts = (ipaddr.parse(canonical) as ipaddr.IPv6).parts.slice(0, 4);
  return `${parts.map((part) => part.toString(16)).join(":")}::/64`;
}
