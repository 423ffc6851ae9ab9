/** What a worker is told by the process that started it. */
export type ToWorker =
  /** Everything is prepared: serve. */
  | { readonly kind: "serve"; readonly databaseUrl: string; readonly isDemoShown: boolean }
  /** Finish what is in flight and end. */
  | { readonly kind: "stop" };

/** What a worker tells. */
export type FromWorker =
  /** The port is ours; requests are answered "starting". */
  | { readonly kind: "listening"; readonly port: number }
  | { readonly kind: "ready" }
  /** Something that an operator can mend, in its own words; the worker ends. */
  | { readonly kind: "failed"; readonly message: string };
