// A server process of its own on a database that others serve too: prints its address and serves until it is told to
// end. `node serve.ts <settings as JSON>`
import { loadConfig } from "../src/config.ts";
import { listen } from "../src/platform/http-server.ts";
import { createLogger } from "../src/platform/logger.ts";
import { createServer } from "../src/server.ts";

const config = loadConfig(JSON.parse(process.argv[2] ?? "{}") as Record<string, string>);
const server = await createServer({
  config,
  databaseUrl: config.databaseUrl ?? "",
  logger: createLogger({ level: "error", destination: process.stderr }),
  servePage: async () => new Response("the page"),
});
await server.started;
const http = await listen(server.app, config);
http.answerDirectly(server.directDoor);
process.once("SIGTERM", () => void http.close(1_000).then(() => server.stop()));
console.log(config.publicUrl);
