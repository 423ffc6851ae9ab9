import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as keysPage from "./api-keys-page.ts";
import { barriersIn, newVisitor, useBrowser } from "./browser.ts";
import { callWithKey, OWNER, signIn, type Session } from "./client.ts";
import { endProducts, type Product } from "./product.ts";
import { startSeededProduct } from "./seeded-product.ts";

const MEMBERS = "/settings/team/members";
const ADMIN = "admin@acme.example";
const INVITED = "owner@globex.example";
const { dialog, rowOf } = keysPage;

useBrowser();
let product: Product;
beforeAll(async () => {
  product = await startSeededProduct();
});
afterAll(endProducts);

const sessions = new Map<string, Promise<Session>>();

/** One for each person: sign-ins from one address are limited. */
function sessionOf(email: string): Promise<Session> {
  const session = sessions.get(email) ?? signIn(product, email);
  sessions.set(email, session);
  return session;
}

/** A tab of somebody who is signed in already. */
async function open(visitor: BrowserContext, path: string, session?: Session): Promise<Page> {
  if (session !== undefined) await visitor.addCookies([...session.cookies]);
  const page = await visitor.newPage();
  await page.goto(path);
  return page;
}

async function openMembers(visitor: BrowserContext, session: Session): Promise<Page> {
  const page = await open(visitor, MEMBERS, session);
  await page.getByRole("heading", { name: "Members", level: 1 }).waitFor();
  return page;
}

function memberRow(page: Page, email: string) {
  return page.getByRole("row").filter({ hasText: email });
}

/** Invites on the page and answers with the link it shows. */
async function invite(page: Page, email: string, role: string): Promise<string> {
  await page.getByRole("button", { name: "Invite member" }).click();
  await dialog(page).getByLabel("E-mail").fill(email);
  await dialog(page).getByRole("radio", { name: role }).check();
  await dialog(page).getByRole("button", { name: "Make invitation link" }).click();
  const link = await dialog(page).getByLabel("Invitation link").innerText();
  await dialog(page).getByText("It expires on").waitFor();
  await dialog(page).getByRole("button", { name: "Done" }).click();
  await dialog(page).waitFor({ state: "detached" });
  return new URL(link).pathname;
}

async function setRole(owner: Session, email: string, role: string): Promise<void> {
  const member = await memberOf(owner, email);
  const { body } = await owner.graphql(
    "mutation ($input: ChangeMemberRoleInput!) { changeMemberRole(input: $input) { __typename } }",
    { input: { memberId: member, role } },
  );
  expect(body).toMatchObject({ data: { changeMemberRole: { __typename: "ChangeMemberRolePayload" } } });
}

async function removeMember(owner: Session, email: string): Promise<void> {
  const member = await memberOf(owner, email);
  const { body } = await owner.graphql(
    "mutation ($input: RemoveMemberInput!) { removeMember(input: $input) { __typename } }",
    { input: { memberId: member } },
  );
  expect(body).toMatchObject({ data: { removeMember: { __typename: "RemoveMemberPayload" } } });
}

async function memberOf(owner: Session, email: string): Promise<string> {
  const { body } = await owner.graphql("{ members { nodes { id user { email } } } }");
  const { nodes } = (body as { data: { members: { nodes: { id: string; user: { email: string } }[] } } }).data.members;
  return nodes.find(({ user }) => user.email === email)?.id ?? "";
}

describe("from the invitation to the removal", () => {
  test("an owner invites by link, the invited joins and makes a key, and it stops when they are removed", async () => {
    const ownersPage = await openMembers(await newVisitor(product), await sessionOf(OWNER));
    const path = await invite(ownersPage, INVITED, "Viewer");
    await ownersPage.getByRole("listitem").filter({ hasText: INVITED }).waitFor();

    // Signed out, so that the way to the invitation leads through signing in.
    const invitedPage = await open(await newVisitor(product), path);
    await invitedPage.getByRole("button", { name: "Sign in" }).click();
    await keysPage.signInOnPage(invitedPage, INVITED);
    await invitedPage.getByText("works only for the address it was made for").waitFor();
    await invitedPage.getByRole("button", { name: "Accept invitation" }).click();
    await invitedPage.getByText("Welcome to Acme Ads. Your role there is Viewer.").waitFor();
    await invitedPage.getByRole("button", { name: "Switch team: Acme Ads" }).waitFor();
    await invitedPage.getByText("Your role, Viewer, cannot make keys.").waitFor();

    await ownersPage.reload();
    await memberRow(ownersPage, INVITED).getByRole("button", { name: "Change role" }).click();
    await dialog(ownersPage).getByRole("radio", { name: "Admin" }).check();
    await dialog(ownersPage).getByRole("button", { name: "Change role" }).click();
    await memberRow(ownersPage, INVITED).getByText("Admin", { exact: true }).waitFor();

    await invitedPage.reload();
    await keysPage.createKeyOnPage(invitedPage, "Made by a guest");
    const secret = (await keysPage.shownKey(invitedPage).textContent()) ?? "";
    await keysPage.closeReveal(invitedPage);
    expect(await callWithKey(product, secret)).toMatchObject({ status: 200 });

    await memberRow(ownersPage, INVITED).getByRole("button", { name: "Remove" }).click();
    await dialog(ownersPage).getByRole("listitem").filter({ hasText: "Made by a guest" }).waitFor();
    await dialog(ownersPage).getByText("This key stops at once").waitFor();
    await dialog(ownersPage).getByText("Joining again does not bring the keys back.").waitFor();
    await dialog(ownersPage).getByRole("button", { name: "Remove member" }).click();
    await memberRow(ownersPage, INVITED).waitFor({ state: "detached" });
    expect(await callWithKey(product, secret)).toMatchObject({ status: 401, code: "key_owner_inactive" });

    await ownersPage.getByRole("link", { name: "API Keys" }).click();
    await rowOf(ownersPage, "Made by a guest").getByText("Owner removed").waitFor();
  });

  test("revoking all keys of a member is an action of its own, and leaves them in the team", async () => {
    const { secret } = await (await sessionOf(ADMIN)).createKey("Of somebody who stays");
    const page = await openMembers(await newVisitor(product), await sessionOf(OWNER));
    await memberRow(page, ADMIN).getByRole("button", { name: "Remove" }).click();
    await dialog(page).getByRole("listitem").filter({ hasText: "Of somebody who stays" }).waitFor();
    await dialog(page).getByRole("button", { name: "Revoke all keys" }).click();
    await dialog(page).getByText("this cannot be undone").waitFor();
    await dialog(page)
      .getByRole("button", { name: /^Revoke \d keys$/ })
      .click();
    await dialog(page).getByText("No active key.").waitFor();
    await dialog(page).getByRole("button", { name: "Cancel" }).click();
    await memberRow(page, ADMIN).getByRole("cell", { name: "0", exact: true }).waitFor();
    expect(await callWithKey(product, secret)).toMatchObject({ status: 401, code: "key_revoked" });
  });

  test("somebody without an account makes one through the link, for the invited address alone", async () => {
    const ownersPage = await openMembers(await newVisitor(product), await sessionOf(OWNER));
    const path = await invite(ownersPage, "newcomer@acme.example", "Manager");
    const page = await open(await newVisitor(product, { expected: /status of 410/ }), path);
    await page.getByLabel("E-mail").fill("somebody.else@acme.example");
    await page.getByLabel("Your name").fill("Nora Newcomer");
    await page.getByLabel("Password", { exact: true }).fill("correct horse battery");
    await page.getByRole("button", { name: "Create account" }).click();
    await page.getByText("This link makes no account for that address").waitFor();
    await page.getByLabel("E-mail").fill("newcomer@acme.example");
    await page.getByRole("button", { name: "Create account" }).click();
    await page.getByRole("button", { name: "Accept invitation" }).click();
    await page.getByText("Welcome to Acme Ads. Your role there is Manager.").waitFor();
  });

  test("a link of somebody else, or one that was cancelled, opens nothing and says what to do", async () => {
    const ownersPage = await openMembers(await newVisitor(product), await sessionOf(OWNER));
    const path = await invite(ownersPage, "late@acme.example", "Viewer");
    const strangersPage = await open(await newVisitor(product), path, await sessionOf("admin@globex.example"));
    await strangersPage.getByRole("button", { name: "Accept invitation" }).click();
    await strangersPage.getByText("This invitation does not work for admin@globex.example").waitFor();
    await strangersPage.getByText("Sign in with the invited address, or ask").waitFor();

    await ownersPage.getByRole("button", { name: "Cancel the invitation of late@acme.example" }).click();
    await dialog(ownersPage).getByRole("button", { name: "Cancel invitation" }).click();
    await ownersPage.getByRole("listitem").filter({ hasText: "late@acme.example" }).waitFor({ state: "detached" });
  });
});

describe("what is offered", () => {
  test("a viewer is offered nothing that would be refused, and reads who can help", async () => {
    const page = await openMembers(await newVisitor(product), await sessionOf("viewer@acme.example"));
    await page.getByText("Owners and admins see the members").waitFor();
    expect(await page.getByRole("link", { name: "Members" }).count()).toBe(0);
    expect(await page.getByRole("table").count()).toBe(0);
    for (const name of ["Invite member", "Change role", "Remove"]) {
      expect(await page.getByRole("button", { name }).count(), name).toBe(0);
    }
    await page.getByRole("button", { name: "Leave team" }).click();
    await dialog(page).getByText("To come back you need a new invitation").waitFor();
  });

  test("an admin may not touch owners nor make one, and reads why; the last owner reads what to do first", async () => {
    const adminsPage = await openMembers(await newVisitor(product), await sessionOf(ADMIN));
    const owners = memberRow(adminsPage, OWNER);
    await owners.getByText("Only owners change or remove owners.").waitFor();
    expect(await owners.getByRole("button").count()).toBe(0);
    await memberRow(adminsPage, "viewer@acme.example").getByRole("button", { name: "Change role" }).click();
    expect(await dialog(adminsPage).getByRole("radio", { name: "Owner" }).isDisabled()).toBe(true);
    await dialog(adminsPage).getByText("Only an owner can make somebody an owner.").waitFor();

    const ownersPage = await openMembers(await newVisitor(product), await sessionOf(OWNER));
    const oneself = memberRow(ownersPage, OWNER);
    await oneself.getByText("You are the last owner").waitFor();
    expect(await oneself.getByRole("button").count()).toBe(0);
  });

  test("a super admin in a team that is not theirs reads so on every page", async () => {
    const session = await sessionOf("super@latchkey.example");
    const { body } = await (await sessionOf(OWNER)).graphql("{ viewer { team { id } } }");
    const { id } = (body as { data: { viewer: { team: { id: string } } } }).data.viewer.team;
    await session.graphql("mutation ($input: SelectTeamInput!) { selectTeam(input: $input) { __typename } }", {
      input: { teamId: id },
    });
    const page = await openMembers(await newVisitor(product), session);
    await page.getByText("You are in Acme Ads as a super admin, not as a member.").waitFor();
    await memberRow(page, OWNER).waitFor();
  });

  test("whoever makes a team works in it at once, and whoever leaves it is back where they were", async () => {
    const page = await openMembers(await newVisitor(product), await sessionOf("manager@acme.example"));
    await page.getByRole("button", { name: "Switch team" }).click();
    await page.getByRole("menuitem", { name: "Create a team" }).click();
    await page.getByRole("button", { name: "Create team" }).click();
    await page.getByText("Give the team a name.").waitFor();
    await page.getByLabel("Team name").fill("Side project");
    await page.getByRole("button", { name: "Create team" }).click();
    await page.getByRole("button", { name: "Switch team: Side project" }).waitFor();
    await page.getByRole("heading", { name: "No API keys yet" }).waitFor();
    await page.getByRole("button", { name: "Switch team" }).click();
    await page.getByRole("menuitemradio", { name: "Acme Ads" }).click();
    await page.getByRole("button", { name: "Switch team: Acme Ads" }).waitFor();

    await page.getByRole("button", { name: "Account:" }).click();
    await page.getByRole("menuitem", { name: "Your membership" }).click();
    await page.getByRole("button", { name: "Leave team" }).click();
    await dialog(page).getByRole("button", { name: "Leave team" }).click();
    await page.getByText("You have left Acme Ads.").waitFor();
    await page.getByRole("button", { name: "Switch team: Side project" }).waitFor();
  });
});

describe("while the page is open", () => {
  test("two tabs on two teams never mix: each changes the team it shows", async () => {
    const visitor = await newVisitor(product);
    const one = await openMembers(visitor, await sessionOf(INVITED));
    await one.getByRole("button", { name: "Switch team: Globex Media" }).waitFor();
    const other = await open(visitor, "/teams/new");
    await other.getByLabel("Team name").fill("Another tab");
    await other.getByRole("button", { name: "Create team" }).click();
    await other.getByRole("button", { name: "Switch team: Another tab" }).waitFor();

    await invite(one, "from.the.first.tab@acme.example", "Viewer");
    await one.getByRole("listitem").filter({ hasText: "from.the.first.tab@acme.example" }).waitFor();
    await other.getByRole("link", { name: "Members" }).click();
    await other.getByText("No invitation is open.").waitFor();
    await one.evaluate(() => window.dispatchEvent(new Event("focus")));
    await one.getByText("Another tab switched to Another tab. This tab still shows Globex Media.").waitFor();
    await memberRow(one, "admin@globex.example").waitFor();
  });

  test("a demotion and a removal are told in a sentence, and what is being typed stays", async () => {
    const owner = await sessionOf(OWNER);
    const ownersPage = await openMembers(await newVisitor(product), owner);
    const path = await invite(ownersPage, INVITED, "Admin");
    const page = await open(await newVisitor(product), path, await sessionOf(INVITED));
    await page.getByRole("button", { name: "Accept invitation" }).click();
    const form = await keysPage.openCreateDialog(page);
    const name = form.getByLabel("Name", { exact: true });
    await name.fill("Typed before the demotion");
    await form.getByRole("checkbox", { name: "Read analytics" }).check();

    await setRole(owner, INVITED, "VIEWER");
    await form.getByRole("button", { name: "Create key" }).click();
    const notice = page.getByRole("dialog", { name: "Your role in Acme Ads has changed" });
    await notice.getByText("You are Viewer now; you were Admin.").waitFor();
    await page.keyboard.press("Escape");
    await notice.waitFor({ state: "detached" });
    expect(await name.inputValue()).toBe("Typed before the demotion");

    await removeMember(owner, INVITED);
    const removed = page.getByRole("dialog", { name: "You are no longer in Acme Ads" });
    await removed.getByText("What you typed is still there").waitFor({ timeout: 15_000 });
    await removed.getByRole("button", { name: "Back to what I typed" }).click();
    expect(await name.inputValue()).toBe("Typed before the demotion");
    await form.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("heading", { name: "You are no longer in Acme Ads" }).waitFor();
    await page.getByRole("button", { name: /^Go to / }).click();
    await page.getByRole("heading", { name: "API Keys", level: 1 }).waitFor();
    // The sentence that has just been answered may still be fading.
    await page.getByText("Acme Ads").first().waitFor({ state: "detached" });
  });
});

test(
  "list, dialogs and the invitation's page have no serious barrier and do not run over the edge: light, dark and narrow",
  { timeout: 120_000 },
  async () => {
    await (await sessionOf(ADMIN)).createKey("Looked at");
    const visitor = await newVisitor(product);
    const page = await openMembers(visitor, await sessionOf(OWNER));
    const barriers: Record<string, string[]> = {};
    const look = async (state: string) => (barriers[state] = await barriersIn(page));
    await page.getByText("viewer@acme.example").waitFor();
    await look("list");
    await page
      .getByRole("button", { name: /^Change role of/ })
      .first()
      .click();
    await dialog(page).getByRole("radio", { name: "Viewer" }).check();
    await look("role");
    await dialog(page).getByRole("button", { name: "Cancel" }).click();
    await page
      .getByRole("button", { name: /^Remove / })
      .first()
      .click();
    await dialog(page)
      .getByText(/stops? at once/)
      .waitFor();
    await look("removal");
    await dialog(page).getByRole("button", { name: "Cancel" }).click();
    const path = await invite(page, "looked.at@acme.example", "Viewer");
    await page.goto("/teams/new");
    await page.getByLabel("Team name").waitFor();
    await look("new team");
    await page.goto(path);
    await page.getByRole("button", { name: "Accept invitation" }).waitFor();
    await look("invitation");
    await visitor.clearCookies();
    await page.reload();
    await page.getByRole("button", { name: "Create account" }).waitFor();
    await look("invitation of somebody signed out");
    expect(barriers).toEqual(Object.fromEntries(Object.keys(barriers).map((state) => [state, []])));
    expect(Object.keys(barriers)).toHaveLength(6);
  },
);
