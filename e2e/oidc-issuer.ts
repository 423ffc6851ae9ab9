// An OIDC provider (the certified `oidc-provider`) as a process of its own: `node oidc-issuer.ts <redirect-uri>`. It
// demands PKCE, signs in whoever is chosen on its page, and prints its settings when it listens.
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import Provider from "oidc-provider";

const PEOPLE = {
  owner: { email: "owner@acme.example", email_verified: true, name: "Olivia Owner" },
  manager: { email: "manager@acme.example", email_verified: false, name: "Manuel Manager" },
  stranger: { email: "new@acme.example", email_verified: true, name: "Nora New" },
} as const;

const [redirectUri = ""] = process.argv.slice(2);
const CLIENT = { id: "latchkey", secret: randomBytes(24).toString("base64url") };

const server = createServer();
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const provider = new Provider(issuer, {
  clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: [redirectUri] }],
  pkce: { required: () => true },
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  cookies: { keys: [randomBytes(24).toString("hex")] },
  jwks: { keys: [generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" })] },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...PEOPLE[id as keyof typeof PEOPLE] }) }),
  // Everybody agrees to everything: what is asked here is who they are.
  async loadExistingGrant({ oidc }) {
    const grant = new provider.Grant({ clientId: CLIENT.id, accountId: oidc.session?.accountId ?? "" });
    grant.addOIDCScope("openid email profile");
    await grant.save();
    return grant;
  },
});

server.on("request", (request, response) => {
  if (request.url?.startsWith("/interaction/") === true) void interact(request, response);
  else void provider.callback()(request, response);
});
process.stdout.write(`${JSON.stringify({ issuer, clientId: CLIENT.id, clientSecret: CLIENT.secret })}\n`);

async function interact(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === "GET") {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(page());
    return;
  }
  let form = "";
  for await (const chunk of request.setEncoding("utf8")) form += chunk;
  const accountId = new URLSearchParams(form).get("person") ?? "";
  const refusal = { error: "access_denied", error_description: "They said no." };
  await provider.interactionFinished(request, response, accountId === "" ? refusal : { login: { accountId } });
}

function page(): string {
  const people = Object.keys(PEOPLE).map((id) => `<button name="person" value="${id}">${id}</button>`);
  return `<!doctype html><html lang="en"><title>Acme Login</title><link rel="icon" href="data:,">
    <h1>Who are you?</h1><form method="post">${people.join(" ")} <button name="person" value="">Cancel</button></form>`;
}
