// The server of `pnpm dev`, in a process that scripts/dev.ts starts anew after a change.
import { openDevPage } from "../apps/admin/dev-page.ts";
import { main } from "../apps/server/src/main.ts";
import { writeContracts } from "./contracts.ts";

// Whoever started this is gone: so are the files' watchers, and nobody would stop it.
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));

const changed = writeContracts();
if (changed.length > 0) console.log(`Printed anew: ${changed.join(", ")}`);
await main({ openPage: openDevPage, isAlone: true });
