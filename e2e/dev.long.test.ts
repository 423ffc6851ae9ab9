import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { utimesSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findFreePort } from "../apps/server/src/platform/database/postgres-process.ts";
import { committedContract, CONTRACTS } from "../scripts/contracts.ts";
import { endProducts, newDataDir, statusOf } from "./product.ts";

const ROOT = join(import.meta.dirname, "..");

let child: ChildProcess;
let url: string;
let output = "";

beforeAll(async () => {
  // It prints contracts that drifted: that must not hide the drift from the test that looks for it.
  const drifted = CONTRACTS.filter(({ path, text }) => committedContract(path) !== text);
  if (drifted.length > 0) throw new Error("A printed contract is not up to date: run `pnpm generate` first.");
  const port = await findFreePort();
  const { PATH = "", HOME = "" } = process.env;
  child = spawn(process.execPath, [join(ROOT, "scripts/dev.ts")], {
    env: { PATH, HOME, PORT: String(port), DATA_DIR: await newDataDir(), DEMO: "false" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  url = `http://localhost:${port}`;
  await whenStarted(1);
});
afterAll(async () => {
  child.kill("SIGKILL");
  await endProducts();
});

async function whenStarted(times: number): Promise<void> {
  for (const until = Date.now() + 60_000; output.split("Latchkey is running").length <= times; await sleep(50)) {
    if (Date.now() > until) throw new Error(`It did not start:\n${output}`);
  }
}

test("page, modules and API come from one origin, and only the page's policy is relaxed", async () => {
  const page = await fetch(`${url}/settings/team/api-keys`);
  expect(await page.text()).toContain(`src="/@vite/client"`);
  expect(page.headers.get("content-security-policy")).toContain("script-src 'self' 'unsafe-inline'");

  const module = await fetch(`${url}/src/main.tsx`);
  expect(module.headers.get("content-type")).toBe("text/javascript");

  const api = await fetch(`${url}/api/v1`, { headers: { origin: "http://localhost:5173" } });
  expect(await api.json()).toMatchObject({ name: "Latchkey" });
  expect(api.headers.get("content-security-policy")).not.toContain("script-src 'self' 'unsafe-inline'");
  expect(api.headers.get("access-control-allow-origin")).toBeNull();
});

test("changes reach an open page over a WebSocket on the same port", async () => {
  const client = await (await fetch(`${url}/@vite/client`)).text();
  const token = /wsToken = "([^"]+)"/.exec(client)?.[1] ?? "";
  const socket = new WebSocket(`${url.replace("http", "ws")}/?token=${token}`, "vite-hmr");
  const [message] = (await once(socket, "message")) as [MessageEvent<string>];
  expect(JSON.parse(message.data)).toEqual({ type: "connected" });
  socket.close();
});

test("a changed file of the server starts it anew", async () => {
  const now = new Date();
  utimesSync(join(ROOT, "apps/server/src/greeting.ts"), now, now);
  await whenStarted(2);
  expect(await statusOf(`${url}/readyz`)).toBe(200);
});

test("its end is the end of everything it started", async () => {
  const ended = once(child, "exit");
  child.kill("SIGINT");
  expect(await ended).toEqual([0, null]);
  expect(await statusOf(`${url}/livez`)).toBeNull();
});
