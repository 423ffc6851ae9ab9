import cluster, { type Worker } from "node:cluster";
import type { Logger } from "pino";
import type { MetricValues } from "../platform/metrics/metrics.ts";
import type { FromWorker, ToWorker } from "./messages.ts";
import { TOO_MANY_DEATHS, WorkerDeaths } from "./worker-deaths.ts";

/** The workers cannot serve. The message is the whole reason, for the terminal. */
export class WorkersFailedError extends Error {
  override readonly name = "WorkersFailedError";
}

export interface Workers {
  /** Resolves with the port when all of them have it. Rejects when one says why it cannot. */
  readonly listening: Promise<number>;
  /** Lets them open their doors; resolves when all are ready. */
  serve(order: Omit<Extract<ToWorker, { kind: "serve" }>, "kind">): Promise<void>;
  /** Rejects when they die faster than they can be started again. */
  readonly failed: Promise<never>;
  /** The metrics of all that answer in time. */
  measure(): Promise<MetricValues[]>;
  /** Lets each finish what is in flight; whoever has not ended after `milliseconds` is killed. */
  stop(milliseconds: number): Promise<void>;
}

/** A worker that is busy for longer is missing from that reading. */
const MEASURE_MILLISECONDS = 2_000;

type Stage = "starting" | "listening" | "ready";

/** Starts so many workers, and starts another for each that dies. */
export function startWorkers(count: number, logger: Logger): Workers {
  const stages = new Map<Worker, Stage>();
  const deaths = new WorkerDeaths();
  const listening = Promise.withResolvers<number>();
  const ready = Promise.withResolvers<void>();
  const failed = Promise.withResolvers<never>();
  const measurements = new Map<number, (values: MetricValues) => void>();
  let lastMeasurement = 0;
  let order: ToWorker | null = null;
  let isStopping = false;
  let toldReason: string | null = null;

  const areAll = (...wanted: Stage[]) =>
    stages.size === count && [...stages.values()].every((stage) => wanted.includes(stage));
  const fail = (reason: string) => {
    const error = new WorkersFailedError(reason);
    for (const { reject } of [listening, ready, failed]) reject(error);
  };

  const hear = (worker: Worker, message: FromWorker) => {
    if (message.kind === "failed") {
      toldReason = message.message;
      // A start that cannot be; later it is one worker that cannot.
      if (order === null) fail(message.message);
      return;
    }
    if (message.kind === "measured") {
      measurements.get(message.number)?.(message.values);
      return;
    }
    stages.set(worker, message.kind);
    if (message.kind === "listening") {
      if (order !== null) worker.send(order);
      if (areAll("listening", "ready")) listening.resolve(message.port);
    }
    if (areAll("ready")) ready.resolve();
  };

  const start = () => {
    if (isStopping) return;
    const worker = cluster.fork();
    stages.set(worker, "starting");
    worker.on("message", (message: FromWorker) => hear(worker, message));
    // What cannot be sent any more went to one that is dying: its exit says the rest.
    worker.on("error", (error) => logger.debug({ err: error }, "A worker could not be told"));
    worker.once("exit", (code, signal) => mourn(worker, code, signal));
  };

  const mourn = (worker: Worker, code: number, signal: string | null) => {
    stages.delete(worker);
    if (isStopping) return;
    const reason = toldReason ?? (signal === null ? `exit code ${code}` : signal);
    toldReason = null;
    // Sent away by an operator, one at a time: nothing is wrong.
    const pause = code === 0 && signal === null ? 0 : deaths.add(performance.now());
    const { pid } = worker.process;
    logger.warn(
      { worker: pid, reason },
      pause === null ? "A worker has ended" : "A worker has ended; starting another",
    );
    if (pause === null) {
      fail(`${TOO_MANY_DEATHS} workers have ended within 60 seconds, the last with: ${reason}`);
    } else setTimeout(start, pause);
  };

  // Whoever waits for one of them hears of it there.
  for (const { promise } of [listening, ready, failed]) promise.catch(() => undefined);
  for (let number = 0; number < count; number += 1) start();

  return {
    listening: listening.promise,
    failed: failed.promise,
    async serve(what) {
      order = { kind: "serve", ...what };
      for (const [worker, stage] of stages) if (stage === "listening") worker.send(order);
      await ready.promise;
    },
    async measure() {
      const asked = [...stages].filter(([worker, stage]) => stage === "ready" && worker.isConnected());
      const answers: MetricValues[] = [];
      const number = (lastMeasurement += 1);
      if (asked.length === 0) return answers;
      await new Promise<void>((resolve) => {
        const late = setTimeout(resolve, MEASURE_MILLISECONDS);
        measurements.set(number, (values) => {
          answers.push(values);
          if (answers.length < asked.length) return;
          clearTimeout(late);
          resolve();
        });
        for (const [worker] of asked) worker.send({ kind: "measure", number } satisfies ToWorker);
      });
      measurements.delete(number);
      return answers;
    },
    async stop(milliseconds) {
      isStopping = true;
      const living = [...stages.keys()].filter((worker) => !worker.isDead());
      const ended = living.map((worker) => new Promise((resolve) => worker.once("exit", resolve)));
      for (const worker of living) {
        if (worker.isConnected()) worker.send({ kind: "stop" } satisfies ToWorker);
      }
      const giveUp = setTimeout(() => living.forEach((worker) => worker.process.kill("SIGKILL")), milliseconds);
      await Promise.all(ended);
      clearTimeout(giveUp);
    },
  };
}
