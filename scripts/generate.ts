// `pnpm generate`: all code and contracts that are made from other files. The contracts are committed; the code is not,
// because every start makes what is missing or stale.
import { generateDocuments } from "../apps/admin/codegen.ts";
import { generatePrisma } from "./generate-prisma.ts";

generatePrisma();
// Loaded only now: it imports what was just generated.
const { writeContracts } = await import("./contracts.ts");
const changed = writeContracts();
await generateDocuments();
console.log(changed.length === 0 ? "The committed contracts are up to date." : `Printed anew: ${changed.join(", ")}.`);
