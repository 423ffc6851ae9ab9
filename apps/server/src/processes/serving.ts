import type { Logger } from "pino";
import type { Config } from "../config.ts";
import { notConnected, type UsageSource } from "../modules/billing/usage-source.ts";
import { DomainError } from "../platform/domain-error.ts";
import { earlyProblem } from "../platform/early-problem.ts";
import { listen, type HttpServer } from "../platform/http-server.ts";
import type { Page } from "../platform/page.ts";
import { createServer, LAST_JOBS_MILLISECONDS, type LatchkeyServer } from "../server.ts";

const DRAIN_MILLISECONDS = 7_000;

/** Makes the page ready; called when the port is ours, before anything is served. */
export type OpenPage = (http: HttpServer) => Promise<Page>;

interface Options {
  readonly config: Config;
  readonly logger: Logger;
  readonly openPage: OpenPage;
}

/** A process that answers requests, from the first "starting" to the last that is in flight. */
export interface Serving {
  readonly port: number;
  /** Resolves when the doors are open: they say for themselves until when they answer "unavailable". */
  open(databaseUrl: string): Promise<LatchkeyServer>;
  /** From now on the product around Latchkey is this. */
  connectUsage(source: UsageSource): void;
  /** Not ready, finish what is in flight, write what is in memory, let the database go. */
  stop(): Promise<void>;
}

/** Takes the port before anything else, so that a busy one is told at once. */
export async function startServing({ config, logger, openPage }: Options): Promise<Serving> {
  let server: LatchkeyServer | null = null;
  let page: Page | null = null;
  let usageSource: UsageSource = notConnected;
  const http = await listen(
    async (request, ip) => (server === null ? starting(request, config) : server.app(request, ip)),
    config,
  );
  return {
    port: http.port,
    async open(databaseUrl) {
      page = await openPage(http);
      server = await createServer({
        config,
        databaseUrl,
        logger,
        servePage: page.serve,
        usageSource: (...question) => usageSource(...question),
      });
      http.answerDirectly(server.directDoor);
      return server;
    },
    connectUsage: (source) => void (usageSource = source),
    async stop() {
      server?.readiness.stopping();
      await page?.close?.();
      // Jobs before the mails that they hand over are waited for.
      await Promise.all([
        http.close(server === null ? 0 : DRAIN_MILLISECONDS),
        server?.schedule.stop(LAST_JOBS_MILLISECONDS),
      ]);
      await server?.stop();
    },
  };
}

/** Before there is anything to ask. */
function starting(request: Request, config: Config): Response {
  const { pathname } = new URL(request.url);
  return earlyProblem(new DomainError("unavailable", "The server is starting."), pathname, config);
}
