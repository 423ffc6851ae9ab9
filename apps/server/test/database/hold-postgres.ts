// A server process for tests that kill it: starts the embedded PostgreSQL under the folder given, prints its address
// and holds it until it is told to end. `node hold-postgres.ts <folder>`
import { startEmbeddedPostgres } from "../../src/platform/database/embedded-postgres.ts";
import { quietLog } from "./quiet-log.ts";

const dataDir = process.argv[2];
if (dataDir === undefined) throw new Error("Say which folder");
try {
  const postgres = await startEmbeddedPostgres({ dataDir, log: quietLog, durable: false });
  process.once("SIGTERM", () => void postgres.stop());
  console.log(postgres.url);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
