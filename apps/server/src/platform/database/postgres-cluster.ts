import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  openSync,
  closeSync,
  fsyncSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { removeUnfinished } from "./orphaned-postmaster.ts";
import type { PostgresBinaries } from "./postgres-binaries.ts";
import { choosePostgresIdentity, ensureOwner, type PostgresIdentity } from "./postgres-identity.ts";

const run = promisify(execFile);

export const DATABASE = "latchkey";
const SUPERUSER = "latchkey";

/** A cluster on the disk, ready to be started. */
export interface PostgresCluster {
  folder: string;
  password: string;
  identity: PostgresIdentity;
  /** Made by this call. */
  isFresh: boolean;
}

/** The address of a database of the cluster, as its owner. */
export function clusterUrl(password: string, port: number, database: string): string {
  return `postgresql://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`;
}

/** PostgreSQL's processes get this and nothing of ours: neither PG… settings nor secrets. */
export const POSTGRES_ENV: NodeJS.ProcessEnv = {
  PATH: process.env["PATH"] ?? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  LC_ALL: "C",
  TZ: "UTC",
};

const UNFINISHED = "postgres.initdb-";

export function clusterFolder(dataDir: string): string {
  return join(dataDir, "postgres");
}

/**
 * Finds the cluster under dataDir or makes it. It is made beside its place and renamed into it when it is whole, with
 * its password inside: a killed initdb leaves nothing that the next start could take for a cluster.
 * The caller holds the lock of dataDir.
 */
export async function openCluster(options: {
  dataDir: string;
  binaries: PostgresBinaries;
  durable: boolean;
}): Promise<PostgresCluster> {
  const { dataDir, binaries } = options;
  const folder = clusterFolder(dataDir);
  for (const name of readdirSync(dataDir)) {
    if (name.startsWith(UNFINISHED)) await removeUnfinished(join(dataDir, name));
  }
  const identity = await choosePostgresIdentity(binaries.postgres, dataDir, folder);
  const isFresh = !existsSync(folder);
  if (isFresh) await initialise(folder, identity, options);
  ensureOwner(identity, folder);
  // PostgreSQL refuses a folder that others may read, as a copy from a backup often is.
  chmodSync(folder, 0o700);
  return { folder, password: readPassword(folder), identity, isFresh };
}

async function initialise(
  folder: string,
  identity: PostgresIdentity,
  { dataDir, binaries, durable }: { dataDir: string; binaries: PostgresBinaries; durable: boolean },
): Promise<void> {
  const unfinished = join(dataDir, `${UNFINISHED}${randomBytes(6).toString("hex")}`);
  mkdirSync(unfinished, { mode: 0o700 });
  const passwordFile = `${unfinished}.password`;
  const password = randomBytes(24).toString("base64url");
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  ensureOwner(identity, unfinished);
  if (identity.ownerUid !== null) ensureOwner(identity, passwordFile);
  const { file, args, options } = identity.command(binaries.initdb, [
    `--pgdata=${unfinished}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
    ...(durable ? [] : ["--no-sync"]),
  ]);
  try {
    await run(file, args, { uid: options.uid, gid: options.gid, env: POSTGRES_ENV });
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    rmSync(passwordFile, { force: true });
    const reason = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : String(error);
    throw new Error(`PostgreSQL could not be set up under ${dataDir}: ${reason}`, { cause: error });
  }
  renameSync(passwordFile, join(unfinished, PASSWORD_FILE));
  renameSync(unfinished, folder);
  if (durable) syncFolder(dataDir);
}

const PASSWORD_FILE = "latchkey.password";

/** What the owner of the cluster signs in with. */
export function readPassword(folder: string): string {
  try {
    return readFileSync(join(folder, PASSWORD_FILE), "utf8").trim();
  } catch (error) {
    throw new Error(
      `${folder} has no readable ${PASSWORD_FILE}. Restore it from the backup of this folder, or set DATA_DIR to another folder.`,
      { cause: error },
    );
  }
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  fsyncSync(handle);
  closeSync(handle);
}
