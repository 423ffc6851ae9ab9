import type { MetricValues } from "../platform/metrics/metrics.ts";

/** What a worker is told by the process that started it. */
export type ToWorker =
  /** Everything is prepared: serve. */
  | { readonly kind: "serve"; readonly databaseUrl: string; readonly isDemoShown: boolean }
  /** Tell your metrics, under this number. */
  | { readonly kind: "measure"; readonly number: number }
  /** Finish what is in flight and end. */
  | { readonly kind: "stop" };

/** What a worker tells. */
export type FromWorker =
  /** The port is ours; requests are answered "starting". */
  | { readonly kind: "listening"; readonly port: number }
  | { readonly kind: "ready" }
  | { readonly kind: "measured"; readonly number: number; readonly values: MetricValues }
  /** Something that an operator can mend, in its own words; the worker ends. */
  | { readonly kind: "failed"; readonly message: string };
