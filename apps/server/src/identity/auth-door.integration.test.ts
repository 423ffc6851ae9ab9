import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startTestServer, type TestServer } from "../../test/test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

test("what fails inside Better Auth is masked like any other bug, and logged once, by our logger alone", async () => {
  const printed = vi.spyOn(console, "error");
  await server.services.accounts.create({ email: "ada@acme.example", name: "Ada", password: "correct horse battery" });
  await server.sql(`ALTER TABLE account RENAME TO account_planted`);
  const response = await server.fetch("/api/auth/sign-in/email", {
    method: "POST",
    headers: { "content-type": "application/json", origin: server.origin },
    body: JSON.stringify({ email: "ada@acme.example", password: "correct horse battery" }),
  });
  const requestId = response.headers.get("x-request-id") ?? "none";
  expect(response.status).toBe(500);
  expect(await response.json()).toMatchObject({ code: "internal", requestId });
  expect(server.logLines.filter((line) => line.includes(requestId))).toHaveLength(1);
  expect(printed).not.toHaveBeenCalled();
});
