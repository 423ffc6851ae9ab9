// `pnpm dev`: server and page behind one origin. A changed component is replaced in the open page by Vite; a changed
// file of the server starts it anew; generated code follows what it is made from.
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync, statSync, watch, type FSWatcher } from "node:fs";
import { join } from "node:path";
import { generateStale } from "./generate-stale.ts";

const root = join(import.meta.dirname, "..");
const QUIET_MILLISECONDS = 100;

/** Folders and files with code of the server, or with what its code is generated from. */
const OF_THE_SERVER = ["apps/server/src", "packages/types/src", "packages/key-format/src", "prisma/schema"];
const GENERATED_OR_TEST = /(^|\/)generated\/|\.test\.ts$/;

let server: ChildProcess | null = null;
let isStopping = false;

async function start(): Promise<void> {
  try {
    await generateStale();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    console.error("Waiting for a change.");
    return;
  }
  // In a process group of its own: Ctrl+C comes to this process alone, which passes it on once.
  const child = fork(join(import.meta.dirname, "dev-server.ts"), { detached: true });
  server = child;
  child.once("exit", (code) => {
    if (server === child) server = null;
    if (!isStopping && code !== 0) console.error("The server ended. Waiting for a change.");
  });
}

async function stop(): Promise<void> {
  const child = server;
  if (child === null) return;
  server = null;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  await exited;
}

/** Runs `work` when nothing has changed for a moment; what changes while it runs makes it run once more. */
function afterQuiet(work: () => Promise<void>): () => void {
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  return () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      running = running.then(work);
    }, QUIET_MILLISECONDS);
  };
}

/**
 * Calls `changed` for every change below a folder. Each folder has a watcher of its own: one that is recursive loses
 * files on Linux once an editor has replaced them.
 */
function watchTree(folder: string, isMeant: (path: string) => boolean, changed: () => void): void {
  watchFolder(folder, (name) => {
    const path = `${folder}/${name}`;
    if (isFolder(path)) watchTree(path, isMeant, changed);
    if (isMeant(path)) changed();
  });
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    if (entry.isDirectory()) watchTree(`${folder}/${entry.name}`, isMeant, changed);
  }
}

const watched = new Map<string, FSWatcher>();

function watchFolder(folder: string, changed: (name: string) => void): void {
  watched.get(folder)?.close();
  const watcher = watch(join(root, folder), (_event, name) => changed(name ?? ""));
  // A removed folder has nothing more to tell.
  watcher.on("error", () => watcher.close());
  watched.set(folder, watcher);
}

function isFolder(path: string): boolean {
  return statSync(join(root, path), { throwIfNoEntry: false })?.isDirectory() ?? false;
}

const restart = afterQuiet(async () => {
  if (isStopping) return;
  await stop();
  await start();
});
const generate = afterQuiet(async () => {
  await generateStale().catch((error: unknown) => console.error(error instanceof Error ? error.message : error));
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    isStopping = true;
    void stop().then(() => process.exit(0));
  });
}
for (const folder of OF_THE_SERVER) watchTree(folder, (path) => !GENERATED_OR_TEST.test(path), restart);
watchFolder(".", (name) => name === ".env" && restart());
watchFolder("apps/server", (name) => name === "schema.graphql" && generate());
watchTree("apps/admin/src", (path) => path.endsWith(".graphql"), generate);
await start();
