import { spawn } from "node:child_process";
import { access, constants, readFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const PROGRAMS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const PLACES = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/opt/google/chrome/chrome",
  "/snap/bin/chromium",
];
const DOWNLOAD_SECONDS = 180;
const APT_SECONDS = 300;
const INSTALL_IT =
  "No Chromium was found, and none could be installed: install Chromium or Google Chrome, or set CHROMIUM_PATH to one.";

/** For root, who gets no sandbox; without its own traffic, so that a closed network changes nothing. */
export const CHROMIUM_FLAGS: readonly string[] = [
  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
  // Containers give 64 MiB of /dev/shm, and a page that needs more crashes.
  "--disable-dev-shm-usage",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-default-apps",
  "--disable-sync",
  "--no-default-browser-check",
  "--no-first-run",
];

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The path of a Chromium that starts: the one CHROMIUM_PATH names, an installed one, Playwright's; and where there is
 * none, Playwright's download, then Debian's package if this is root on Debian or Ubuntu.
 * @throws Error with one sentence that says what to install
 */
export async function findChromium(environment: Environment = process.env): Promise<string> {
  const wanted = environment["CHROMIUM_PATH"];
  if (wanted !== undefined && wanted !== "") {
    if (await starts(wanted)) return wanted;
    throw new Error(`CHROMIUM_PATH names ${wanted}, which does not start: correct it, or unset it to search.`);
  }
  return (
    (await firstThatStarts(installed(environment))) ??
    (await firstThatStarts(await playwrightsOwn())) ??
    (await downloaded()) ??
    (await fromDebian(environment)) ??
    fail(INSTALL_IT)
  );
}

function installed(environment: Environment): string[] {
  const folders = (environment["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return [...PROGRAMS.flatMap((program) => folders.map((folder) => join(folder, program))), ...PLACES];
}

async function playwrightsOwn(): Promise<string[]> {
  const { chromium } = await import("playwright-core");
  return [chromium.executablePath()];
}

async function downloaded(): Promise<string | null> {
  const cli = join(dirname(fileURLToPath(import.meta.resolve("playwright-core/package.json"))), "cli.js");
  console.log("No Chromium found: trying Playwright's download.");
  await succeeds(process.execPath, [cli, "install", "--no-shell", "chromium"], DOWNLOAD_SECONDS);
  return firstThatStarts(await playwrightsOwn());
}

async function fromDebian(environment: Environment): Promise<string | null> {
  if (process.getuid?.() !== 0 || !(await isDebian())) return null;
  console.log("Playwright's Chromium is not to be had: installing Debian's.");
  const aptGet = (...args: string[]) =>
    succeeds("env", ["DEBIAN_FRONTEND=noninteractive", "apt-get", ...args], APT_SECONDS);
  if (!(await aptGet("update")) || !(await aptGet("install", "-y", "--no-install-recommends", "chromium"))) return null;
  return firstThatStarts(installed(environment));
}

async function isDebian(): Promise<boolean> {
  const release = await readFile("/etc/os-release", "utf8").catch(() => "");
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(release);
}

async function firstThatStarts(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) if (await starts(path)) return path;
  return null;
}

/** Being there is not enough: Ubuntu's package is an empty shell, and a download may lack the system's libraries. */
async function starts(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
  } catch {
    return false;
  }
  return succeeds(path, ["--version"], 30);
}

function succeeds(program: string, args: readonly string[], limitSeconds: number): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: "ignore", timeout: limitSeconds * 1_000, killSignal: "SIGKILL" });
    child.on("error", () => resolve(false));
    child.on("exit", (code) => resolve(code === 0));
  });
}

function fail(sentence: string): never {
  throw new Error(sentence);
}
