import { createServer } from "node:http";
import type { Logger } from "pino";
import type { Config } from "../../config.ts";
import { PortBusyError } from "../http-server.ts";

const CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

type ReadMetrics = () => Promise<string>;

export interface MetricsServer {
  close(): void;
}

/** `GET /metrics` on a port of its own, which is nobody's business but the operator's. Null where it is not set. */
export async function serveMetricsOf(
  { host, metricsPort }: Pick<Config, "host" | "metricsPort">,
  logger: Logger,
  read: ReadMetrics,
): Promise<MetricsServer | null> {
  if (metricsPort === null) return null;
  const server = createServer({ headersTimeout: 5_000, requestTimeout: 10_000 }, (request, response) => {
    const [path] = (request.url ?? "").split("?", 1);
    if (path !== "/metrics") return void response.writeHead(404).end("The metrics are at /metrics.\n");
    if (request.method !== "GET" && request.method !== "HEAD")
      return void response.writeHead(405, { allow: "GET, HEAD" }).end();
    read().then(
      (text) => response.writeHead(200, { "content-type": CONTENT_TYPE }).end(request.method === "HEAD" ? "" : text),
      (error: unknown) => {
        logger.warn({ err: error }, "The metrics could not be read");
        response.writeHead(500).end();
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "EADDRINUSE" ? new PortBusyError(metricsPort, { cause: error }, "METRICS_PORT") : error),
    );
    server.listen({ port: metricsPort, host, exclusive: true }, resolve);
  });
  return {
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
