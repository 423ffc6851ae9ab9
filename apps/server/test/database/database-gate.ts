import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A way to a database that a test can cut. */
export interface DatabaseGate {
  readonly url: string;
  /** Ends all connections and takes no new ones, as when the machine is gone. */
  shut(): void;
  open(): void;
  /** From now on the database gets what it is sent and does it, and whoever asked never hears of it. */
  loseAnswers(): void;
  close(): Promise<void>;
}

export async function openDatabaseGate(url: string): Promise<DatabaseGate> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let state: "open" | "shut" | "losing" = "open";
  const endAll = () => sockets.forEach((socket) => socket.destroy());

  const server = createServer((client) => {
    if (state === "shut") return void client.destroy();
    const database = connect(Number(target.port), target.hostname);
    for (const [socket, other] of [
      [client, database],
      [database, client],
    ] as const) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    client.pipe(database);
    database.on("data", (chunk) => (state === "losing" ? client.destroy() : client.write(chunk)));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("A gate without a port.");
  const through = new URL(url);
  through.hostname = "127.0.0.1";
  through.port = String(address.port);
  return {
    url: through.href,
    shut() {
      state = "shut";
      endAll();
    },
    open: () => (state = "open"),
    loseAnswers: () => (state = "losing"),
    async close() {
      endAll();
      server.close();
      await once(server, "close");
    },
  };
}
