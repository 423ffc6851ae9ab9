import type { createPrisma } from "./pools.ts";

/** Prisma's client as our modules get it: without `secretHash`, which only verification/ reads. */
export type Database = ReturnType<typeof createPrisma>;

/** The same inside a transaction. */
export type Transaction = Parameters<Parameters<Database["$transaction"]>[0]>[0];
