import { createServer, connect, type AddressInfo, type Socket } from "node:net";

/** Between the server and PostgreSQL: cuts a connection at its commit, before PostgreSQL hears of it or after it has done it. */
export interface CuttingProxy {
  /** The same database, by way of the proxy. */
  readonly url: string;
  /** The next commit of any connection is cut. */
  arm(when: "before" | "after"): void;
  /** Whether a cut was made since it was armed. Disarms. */
  disarm(): boolean;
  close(): Promise<void>;
}

const COMMIT = Buffer.from("COMMIT\0");

export async function startCuttingProxy(databaseUrl: string): Promise<CuttingProxy> {
  const target = new URL(databaseUrl);
  const open = new Set<Socket>();
  let armed: "before" | "after" | null = null;
  let hasCut = false;
  const server = createServer((client) => {
    const postgres = connect(Number(target.port), target.hostname);
    const cut = () => {
      armed = null;
      hasCut = true;
      client.destroy();
      postgres.destroy();
    };
    for (const [from, to, moment] of [
      [client, postgres, "before"],
      [postgres, client, "after"],
    ] as const) {
      open.add(from);
      from.setNoDelay(true);
      // A message can arrive in pieces; these are far shorter than a packet, and nobody sends two at a time.
      from.on("data", (chunk: Buffer) => {
        if (armed === moment && chunk.includes(COMMIT)) cut();
        else to.write(chunk);
      });
      from.on("error", () => undefined);
      from.on("close", () => {
        open.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = new URL(databaseUrl);
  url.hostname = "127.0.0.1";
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    arm(when) {
      armed = when;
      hasCut = false;
    },
    disarm() {
      armed = null;
      return hasCut;
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
