import type { SettingReader } from "./setting-reader.ts";

/** SUPPORT_URL, or null. It becomes a link that everybody sees: a page or a mail address, without a password in it. */
export function readSupportUrl(read: SettingReader): string | null {
  const text = read.text("SUPPORT_URL");
  if (text === null) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && (isPage(url) || isMailAddress(url))) return url.href;
  read.problem(
    "SUPPORT_URL",
    "is neither a page nor a mail address. Set one such as https://example.com/support or mailto:support@example.com.",
  );
  return null;
}

function isPage({ protocol, username, password }: URL): boolean {
  return (protocol === "https:" || protocol === "http:") && username === "" && password === "";
}

function isMailAddress({ protocol, pathname }: URL): boolean {
  return protocol === "mailto:" && /^[^\s@]+@[^\s@]+$/.test(pathname);
}
