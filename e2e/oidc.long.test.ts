import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findFreePort } from "../apps/server/src/platform/database/postgres-process.ts";
import { barriersIn, newVisitor, useBrowser } from "./browser.ts";
import { DEMO_PASSWORD, OWNER, signIn } from "./client.ts";
import { endProducts, type Product } from "./product.ts";
import { startSeededProduct } from "./seeded-product.ts";

const MEMBERS = "/settings/team/members";
const CONTINUE = { name: "Continue with Acme Login" };

useBrowser();
let provider: ChildProcess;
let product: Product;

beforeAll(async () => {
  const port = await findFreePort();
  const script = join(import.meta.dirname, "oidc-issuer.ts");
  const callback = `http://localhost:${port}/api/auth/callback/oidc`;
  provider = spawn(process.execPath, [script, callback], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(provider.stdout ?? provider, "data")) as [Buffer];
  const { issuer, clientId, clientSecret } = JSON.parse(line.toString()) as Record<string, string>;
  product = await startSeededProduct({
    port,
    env: {
      OIDC_ISSUER: issuer ?? "",
      OIDC_CLIENT_ID: clientId ?? "",
      OIDC_CLIENT_SECRET: clientSecret ?? "",
      OIDC_NAME: "Acme Login",
    },
  });
});
afterAll(async () => {
  provider.kill("SIGKILL");
  await endProducts();
});

/** A new browser on a page that asks to sign in. */
async function newPage(path = "/sign-in"): Promise<Page> {
  const visitor = await newVisitor(product, { expected: /status of 503/ });
  const page = await visitor.newPage();
  await page.goto(path);
  return page;
}

/** Through the provider's own page, where somebody says who they are. */
async function goThrough(page: Page, person: string): Promise<void> {
  await page.getByRole("button", CONTINUE).click();
  await page.getByRole("heading", { name: "Who are you?" }).waitFor();
  await page.getByRole("button", { name: person, exact: true }).click();
  await page.waitForURL((url) => url.origin === product.url);
}

describe("signing in through an OIDC provider", () => {
  test("whose identity is a person's signs them in, and leads to the page they wanted", async () => {
    const page = await newPage(MEMBERS);
    await goThrough(page, "owner");
    await page.getByRole("heading", { name: "Members", level: 1 }).waitFor();
    expect(new URL(page.url()).pathname).toBe(MEMBERS);
    await page.getByRole("row").filter({ hasText: OWNER }).first().waitFor();
  });

  test.each([
    ["manager", "The provider has not verified your e-mail address"],
    ["stranger", "There is no account with your e-mail address"],
    ["Cancel", "You did not finish signing in there"],
  ])("as %s is refused with a sentence on the sign-in page", async (person, sentence) => {
    const page = await newPage(MEMBERS);
    await goThrough(page, person);
    await page.getByRole("alert").filter({ hasText: sentence }).waitFor();
    expect(new URL(page.url()).searchParams.get("next")).toBe(MEMBERS);
    if (person === "manager") expect(await barriersIn(page)).toEqual([]);
  });

  test("with the link of an invitation makes an account, which can accept it", async () => {
    const owner = await signIn(product);
    const { body } = await owner.graphql(
      "mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { ... on InviteMemberPayload { invitation { link } } } }",
      { input: { email: "new@acme.example", role: "VIEWER" } },
    );
    const { link } = (body as { data: { inviteMember: { invitation: { link: string } } } }).data.inviteMember
      .invitation;
    const page = await newPage(new URL(link).pathname);
    await goThrough(page, "stranger");
    await page.getByText("new@acme.example").waitFor();
    await page.getByRole("button", { name: "Accept invitation" }).click();
    await page.getByText("Welcome to Acme Ads").waitFor();
  });
});

test("a provider that hangs or is down is told on the page, where a password still signs in", async () => {
  const page = await newPage();
  const told = page.getByRole("alert").filter({ hasText: "The provider does not answer right now" });
  const attempt = async () => {
    const answer = page.waitForResponse("**/api/auth/sign-in/social");
    await page.getByRole("button", CONTINUE).click();
    expect((await answer).status()).toBe(503);
    await told.waitFor();
  };
  provider.kill("SIGSTOP");
  await attempt();
  provider.kill("SIGKILL");
  await once(provider, "exit");
  await attempt();
  await page.getByLabel("E-mail").fill(OWNER);
  await page.getByLabel("Password", { exact: true }).fill(DEMO_PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("heading", { name: "API Keys", level: 1 }).waitFor();
});
