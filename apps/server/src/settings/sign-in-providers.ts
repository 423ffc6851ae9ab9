import { isLoopback } from "./origins.ts";
import type { SettingReader } from "./setting-reader.ts";

interface OAuthClient {
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface OidcClient extends OAuthClient {
  /** Exactly as the provider writes it in its tokens, a slash at the end included. */
  readonly issuer: string;
  /** What the button says after "Continue with". */
  readonly name: string;
  /** How the client shows its secret to the token endpoint. */
  readonly clientAuth: "basic" | "post";
}

/** Null: not configured, and not offered. */
export interface SignInProviderSettings {
  readonly google: OAuthClient | null;
  readonly github: OAuthClient | null;
  readonly microsoft: (OAuthClient & { readonly tenantId: string }) | null;
  readonly oidc: OidcClient | null;
}

const MAX_NAME_LENGTH = 40;

export function readSignInProviders(read: SettingReader): SignInProviderSettings {
  const google = readClient(read, "GOOGLE", [], []);
  const github = readClient(read, "GITHUB", [], []);
  const microsoft = readClient(read, "MICROSOFT", [], ["MICROSOFT_TENANT_ID"]);
  const tenantId = readTenant(read);
  const oidc = readClient(read, "OIDC", ["OIDC_ISSUER"], ["OIDC_NAME", "OIDC_CLIENT_AUTH"]);
  const issuer = readIssuer(read);
  const name = readName(read);
  const clientAuth = read.choice("OIDC_CLIENT_AUTH", ["basic", "post"], "basic");
  return {
    google,
    github,
    microsoft: microsoft === null ? null : { ...microsoft, tenantId },
    oidc: oidc === null || issuer === null ? null : { ...oidc, issuer, name, clientAuth },
  };
}

/** Half a client is a mistake that people would meet when they sign in, so the start tells it. */
function readClient(
  read: SettingReader,
  prefix: string,
  furtherRequired: readonly string[],
  optional: readonly string[],
): OAuthClient | null {
  const required = [...furtherRequired, `${prefix}_CLIENT_ID`, `${prefix}_CLIENT_SECRET`];
  const present = [...required, ...optional].find((name) => read.text(name) !== null);
  if (present === undefined) return null;
  const missing = required.filter((name) => read.text(name) === null);
  for (const name of missing) {
    read.problem(name, `is missing, and ${present} is set. Set ${required.join(", ")} together, or none of them.`);
  }
  const clientId = read.text(`${prefix}_CLIENT_ID`);
  const clientSecret = read.text(`${prefix}_CLIENT_SECRET`);
  return clientId === null || clientSecret === null ? null : { clientId, clientSecret };
}

function readTenant(read: SettingReader): string {
  const tenantId = read.text("MICROSOFT_TENANT_ID") ?? "common";
  if (!/^[a-z0-9][a-z0-9.-]*$/i.test(tenantId)) {
    read.problem(
      "MICROSOFT_TENANT_ID",
      "is not a tenant. Set the directory's id or domain, or common, organizations or consumers.",
    );
  }
  return tenantId;
}

function readIssuer(read: SettingReader): string | null {
  const issuer = read.text("OIDC_ISSUER");
  if (issuer === null || isIssuer(issuer)) return issuer;
  read.problem(
    "OIDC_ISSUER",
    "is not an https address without query. Set the issuer as the provider writes it, such as https://login.example.com/realms/acme.",
  );
  return null;
}

function isIssuer(text: string): boolean {
  if (!URL.canParse(text) || /[?#@\\\s]/.test(text)) return false;
  const { protocol, hostname } = new URL(text);
  // Without TLS whoever is on the way could sign in as anybody.
  return protocol === "https:" || (protocol === "http:" && isLoopback(hostname));
}

function readName(read: SettingReader): string {
  const name = read.text("OIDC_NAME") ?? "single sign-on";
  if ([...name].length > MAX_NAME_LENGTH || /[\p{Cc}\p{Cf}]/u.test(name)) {
    read.problem(
      "OIDC_NAME",
      `has more than ${MAX_NAME_LENGTH} characters, or invisible ones. Set what the button says after "Continue with".`,
    );
  }
  return name;
}
