import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@redis/client";
import { findFreePort } from "../src/platform/database/postgres-process.ts";

export interface RedisServer {
  readonly port: number;
  readonly url: string;
  readonly process: ChildProcess;
  /** As an operator would, past the product. */
  command(...words: string[]): Promise<unknown>;
  stop(): Promise<void>;
}

/** Settings for one that serves TLS besides, with a certificate that no public authority has signed, and where that is. */
export function withTls(folder: string, tlsPort: number): { readonly args: string[]; readonly certificate: string } {
  const [key, certificate] = [join(folder, "redis.key"), join(folder, "redis.crt")];
  const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  execFileSync("openssl", ["req", "-x509", ...curve, "-keyout", key, "-out", certificate, ...names], {
    stdio: "ignore",
  });
  const files = ["--tls-cert-file", certificate, "--tls-key-file", key, "--tls-ca-cert-file", certificate];
  return { args: ["--tls-port", String(tlsPort), "--tls-auth-clients", "no", ...files], certificate };
}

/** A Redis of its own, or Valkey, which keeps nothing on disk: on a port that nobody else uses, ended by its process. */
export async function startRedis({ port, args = [] }: { port?: number; args?: string[] } = {}): Promise<RedisServer> {
  const ownPort = port ?? (await findFreePort());
  const folder = mkdtempSync(join(tmpdir(), "latchkey-redis-"));
  const settings = [
    "--port",
    String(ownPort),
    "--bind",
    "127.0.0.1",
    "--dir",
    folder,
    "--save",
    "",
    "--appendonly",
    "no",
  ];
  const child = spawn("redis-server", [...settings, ...args], { stdio: "ignore" });
  const closed = once(child, "close");
  // A test that failed may not come to stop it.
  const end = () => {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  };
  process.once("exit", end);
  const url = `redis://127.0.0.1:${ownPort}`;
  const client = createClient({ url, socket: { reconnectStrategy: (tries) => (tries > 100 ? false : 50) } });
  client.on("error", () => undefined);
  await client.connect();
  return {
    port: ownPort,
    url,
    process: child,
    command: (...words) => client.sendCommand(words),
    async stop() {
      client.destroy();
      process.off("exit", end);
      end();
      await closed;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
