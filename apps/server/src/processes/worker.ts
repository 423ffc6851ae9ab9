import cluster from "node:cluster";
import type { Logger } from "pino";
import type { Config } from "../config.ts";
import { createDemoUsageSource } from "../demo/demo-usage.ts";
import type { Metrics } from "../platform/metrics/metrics.ts";
import type { FromWorker, ToWorker } from "./messages.ts";
import { startServing, type OpenPage } from "./serving.ts";
import { stopOnSignal } from "./stop-on-signal.ts";

interface Options {
  readonly config: Config;
  readonly logger: Logger;
  readonly openPage: OpenPage;
}

/** One of several processes that serve: it listens, waits until the primary has prepared the database, and opens. */
export async function runWorker({ config, logger, openPage }: Options): Promise<void> {
  const serving = await startServing({ config, logger, openPage });
  const stop = stopOnSignal(["SIGTERM"], logger, serving.stop);
  // Ctrl+C comes to every process of the terminal: the primary says what becomes of it.
  process.on("SIGINT", () => undefined);
  process.once("disconnect", () => stop("the primary is gone"));
  endOnlyByStopping();

  let metrics: Metrics | null = null;
  const measure = async (number: number) => {
    if (metrics !== null) await tell({ kind: "measured", number, values: await metrics.values() });
  };
  const told = new Promise<Extract<ToWorker, { kind: "serve" }>>((resolve) => {
    process.on("message", (message: ToWorker) => {
      if (message.kind === "serve") resolve(message);
      if (message.kind === "measure") void measure(message.number);
      if (message.kind === "stop") stop("the primary stops");
    });
  });
  await tell({ kind: "listening", port: serving.port });
  const { databaseUrl, isDemoShown } = await told;

  const server = await serving.open(databaseUrl);
  metrics = server.metrics;
  await server.started;
  if (server.readiness.isStopping) return;
  if (isDemoShown) serving.connectUsage(await createDemoUsageSource(server.services));
  server.schedule.start();
  await tell({ kind: "ready" });
}

/** Tells the primary why this worker cannot serve. */
export async function tellFailure(message: string): Promise<void> {
  await tell({ kind: "failed", message });
}

/** Resolves when it is sent, or nobody is there to hear it. */
function tell(message: FromWorker): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) return resolve();
    process.send(message, undefined, {}, () => resolve());
  });
}

/** Node ends a worker in the moment in which its primary is gone, unless it takes that for intended. */
function endOnlyByStopping(): void {
  const { worker } = cluster;
  worker?.once("disconnect", () => (worker.exitedAfterDisconnect = true));
}
