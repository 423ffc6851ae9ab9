// A migrating process for tests that kill it. `node run-migrate.ts <url> <migrations folder>`
import { migrate } from "../../src/platform/database/migrations.ts";
import { quietLog } from "./quiet-log.ts";

const [url, folder] = process.argv.slice(2);
if (url === undefined || folder === undefined) throw new Error("Say which database and which migrations");
const { applied } = await migrate({ url, folder, log: quietLog });
console.log(JSON.stringify(applied));
