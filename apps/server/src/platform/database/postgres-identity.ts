import { execFile, type SpawnOptions } from "node:child_process";
import { chmodSync, chownSync, lchownSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

const NOBODY = 65534;

/**
 * As whom PostgreSQL runs, because it refuses to run as root: how a command line becomes one of that user, and who
 * has to own the cluster's folder (null: whoever we are).
 */
export interface PostgresIdentity {
  command(binary: string, args: readonly string[]): { file: string; args: string[]; options: SpawnOptions };
  ownerUid: number | null;
}

/**
 * Ordinary users run PostgreSQL as themselves. For root, in this order: as the user who owns an existing cluster;
 * in a user namespace that shows root's files as nobody's (nothing on the disk changes owner, and folders that only
 * root may enter stay so); as nobody with the one capability that passes such folders; as nobody, plainly.
 */
export async function choosePostgresIdentity(
  binary: string,
  dataDir: string,
  cluster: string,
): Promise<PostgresIdentity> {
  if (process.getuid?.() !== 0) return asOurselves;
  const owner = ownerOf(cluster);
  const uid = owner === 0 ? NOBODY : owner;
  const candidates = [...(owner === 0 ? [inUserNamespace] : []), withCapability(uid)];
  for (const identity of candidates) {
    if (await canRun(identity, binary, dataDir)) return identity;
  }
  // Others may pass through the folder now, but not list it, and every file in it is closed to them by its own mode.
  chmodSync(dataDir, 0o711);
  if (await canRun(plainly(uid), binary, dataDir)) return plainly(uid);
  chmodSync(dataDir, 0o700);
  throw new Error(
    `PostgreSQL does not run as root, and no other user can reach ${dataDir} here. ` +
      "Start the server as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.",
  );
}

/** Gives a folder or file to its identity; the folder itself goes last, so an interrupted change is taken up again. */
export function ensureOwner(identity: PostgresIdentity, path: string): void {
  const uid = identity.ownerUid;
  if (uid === null) return;
  const status = statSync(path);
  if (status.uid === uid) return;
  const entries = status.isDirectory() ? readdirSync(path, { recursive: true, withFileTypes: true }) : [];
  for (const entry of entries) lchownSync(join(entry.parentPath, entry.name), uid, uid);
  chownSync(path, uid, uid);
}

const asOurselves: PostgresIdentity = {
  ownerUid: null,
  command: (binary, args) => ({ file: binary, args: [...args], options: {} }),
};

const inUserNamespace: PostgresIdentity = {
  ownerUid: null,
  command: (binary, args) => ({
    file: "unshare",
    args: ["--user", `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, "--", binary, ...args],
    options: {},
  }),
};

const withCapability = (uid: number): PostgresIdentity => ({
  ownerUid: uid,
  command: (binary, args) => ({
    file: "setpriv",
    args: [
      `--reuid=${uid}`,
      `--regid=${uid}`,
      "--clear-groups",
      "--inh-caps=+dac_override",
      "--ambient-caps=+dac_override",
      "--",
      binary,
      ...args,
    ],
    options: {},
  }),
});

const plainly = (uid: number): PostgresIdentity => ({
  ownerUid: uid,
  command: (binary, args) => ({ file: binary, args: [...args], options: { uid, gid: uid } }),
});

/** Running it from inside the folder, entered as that user, proves both: the one can be executed, the other entered. */
async function canRun(identity: PostgresIdentity, binary: string, dataDir: string): Promise<boolean> {
  const script = 'cd -- "$1" && exec "$2" --version';
  const { file, args, options } = identity.command("/bin/sh", ["-c", script, "sh", dataDir, binary]);
  try {
    await run(file, args, { uid: options.uid, gid: options.gid, timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
}

function ownerOf(folder: string): number {
  try {
    return statSync(folder).uid;
  } catch {
    return 0;
  }
}
