import { createClient } from "@redis/client";
import type { Logger } from "pino";
import type { RedisCommands } from "./redis-store.repository.ts";

export interface RedisConnection extends RedisCommands {
  readonly isOpen: boolean;
  /** Resolves when the first attempt to connect has ended, either way. Goes on trying until `stop`. */
  start(): Promise<void>;
  stop(): void;
}

interface Options {
  readonly url: string;
  readonly logger: Logger;
  /** Each time there is a connection again. */
  readonly onOpen: () => void;
}

/** A step of a call has 2 s with everything before it: what takes longer is as good as away. */
const CONNECT_MILLISECONDS = 1_000;
const SILENCE_MILLISECONDS = 700;
const RETRY_MILLISECONDS = 250;
/** Beyond this many replies outstanding another call would not be answered in time either. */
const MAX_OUTSTANDING = 20_000;

/** This server no longer takes our writes: it became a replica, or the keys moved to another node. */
const WRONG_SERVER = /^(MOVED|READONLY|CLUSTERDOWN|MASTERDOWN)\b/;

/**
 * One connection that fails instead of hanging: nothing waits for it to come back, and a server that is silent while
 * replies are due is left. The client's own ways to reconnect, to queue and to time out are not used: they keep calls
 * for later, or cost each call a timer.
 */
export function createRedisConnection({ url, logger, onOpen }: Options): RedisConnection {
  let client: Client | null = null;
  let isStarted = false;
  let isStopped = false;
  let isKnownAway = false;
  let retry: NodeJS.Timeout | undefined;
  let connecting: Promise<void> | null = null;
  // All our keys have one hash tag, so a Cluster keeps them on one node, and following it is to connect to that one.
  let target = url;
  let outstanding = 0;
  let heardAt = 0;
  let watched: Client | null = null;

  const lose = (lost: Client, error: unknown) => {
    if (lost !== client) return;
    client = null;
    discard(lost);
    reconnectLater(error);
  };
  const reconnectLater = (error: unknown) => {
    if (isStopped) return;
    if (!isKnownAway) logger.warn({ err: error }, "Redis is not reachable: limited calls are answered 503 until it is");
    isKnownAway = true;
    clearTimeout(retry);
    retry = setTimeout(() => void connectNow(), RETRY_MILLISECONDS);
    retry.unref();
  };
  const connectNow = () => {
    clearTimeout(retry);
    return (connecting ??= connect().finally(() => void (connecting = null)));
  };
  const connect = async () => {
    const candidate = openClient(target);
    candidate.on("error", (error: unknown) => lose(candidate, error));
    candidate.on("end", () => lose(candidate, new Error("Redis closed the connection.")));
    try {
      await inTime(candidate.connect(), CONNECT_MILLISECONDS);
    } catch (error) {
      discard(candidate);
      target = url;
      return reconnectLater(error);
    }
    if (isStopped) return discard(candidate);
    client = candidate;
    outstanding = 0;
    if (isKnownAway) logger.info("Redis is reachable again");
    isKnownAway = false;
    onOpen();
  };

  /** Only the silence of a server that owes us something counts, and only after all that it did send was read. */
  const watch = (asked: Client) => {
    watched = asked;
    const looking = setTimeout(() => {
      setImmediate(() => {
        if (watched !== asked) return;
        watched = null;
        if (asked !== client || outstanding === 0) return;
        if (performance.now() - heardAt < SILENCE_MILLISECONDS) return watch(asked);
        lose(asked, new Error(`Redis has not answered for ${SILENCE_MILLISECONDS} ms.`));
      });
    }, SILENCE_MILLISECONDS / 2);
    looking.unref();
  };

  const ask = async (asked: Client, command: readonly string[]): Promise<unknown> => {
    if (outstanding === 0) heardAt = performance.now();
    if (watched !== asked) watch(asked);
    outstanding += 1;
    try {
      return await asked.sendCommand(command);
    } finally {
      if (asked === client) {
        outstanding -= 1;
        heardAt = performance.now();
      }
    }
  };
  const open = (): Client => {
    if (client === null) throw new Error("There is no connection to Redis.");
    return client;
  };
  const send = async (command: readonly string[]): Promise<unknown> => {
    const asked = open();
    try {
      return await ask(asked, command);
    } catch (error) {
      if (!(error instanceof Error) || !WRONG_SERVER.test(error.message)) throw error;
      target = movedTo(error.message, url) ?? url;
      lose(asked, error);
      if (target === url) throw error;
      // A Cluster that has told where our keys are: nobody needs to hear of it.
      await connectNow();
      return ask(open(), command);
    }
  };

  return {
    get isOpen() {
      return client !== null;
    },
    send,
    async run({ text, sha1 }, keys, args) {
      const rest = [String(keys.length), ...keys, ...args.map(String)];
      try {
        return await send(["EVALSHA", sha1, ...rest]);
      } catch (error) {
        if (!(error instanceof Error) || !error.message.startsWith("NOSCRIPT")) throw error;
        return send(["EVAL", text, ...rest]);
      }
    },
    async start() {
      if (isStarted) return;
      isStarted = true;
      await connectNow();
    },
    stop() {
      isStopped = true;
      clearTimeout(retry);
      const last = client;
      client = null;
      if (last !== null) discard(last);
    },
  };
}

type Client = ReturnType<typeof openClient>;

function openClient(url: string) {
  return createClient({
    url,
    RESP: 2,
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: "disabled",
    commandsQueueMaxLength: MAX_OUTSTANDING,
    // Keeps gateways from forgetting a connection that is seldom used.
    pingInterval: 30_000,
    socket: { connectTimeout: CONNECT_MILLISECONDS, reconnectStrategy: false },
  });
}

/** Whatever is still due on it is rejected. */
function discard(client: Client): void {
  try {
    client.destroy();
  } catch {
    // It was closed already.
  }
}

async function inTime<Result>(promise: Promise<Result>, milliseconds: number): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Redis was not connected within ${milliseconds} ms.`)), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The address in `MOVED 3999 127.0.0.1:6381`, with the name and password of ours. An empty host is the one we asked. */
function movedTo(message: string, url: string): string | null {
  const [, host, port] = /^MOVED \d+ (.*):(\d+)$/.exec(message) ?? [];
  if (host === undefined || port === undefined) return null;
  const address = new URL(url);
  if (host !== "") address.hostname = host.includes(":") ? `[${host}]` : host;
  address.port = port;
  return address.href;
}
