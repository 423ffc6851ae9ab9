import { isIPv4 } from "node:net";

/** `https://keys.example.com` from itself or with a lone slash behind it; null if the text is more or less than an origin. */
export function parseOrigin(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") return null;
  // Compared with the text itself: a URL parser drops an empty `?` or `#` and a user without a name.
  return `${url.origin}/` === url.href && !/[?#@\\\s]/.test(text) ? url.origin : null;
}

/** Whether only this machine can connect to a server that listens there. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));
}
