import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { ClosingLineReporter } from "./scripts/closing-line-reporter.ts";
import { generateStale } from "./scripts/generate-stale.ts";

// Not in a global setup: every project would have its own, and all need the code.
await generateStale();

// Each test file is a process of its own that loads the server: half of that is compiling, and is done once this way.
process.env["NODE_COMPILE_CACHE"] ??= join(import.meta.dirname, "node_modules/.cache/compile");

const NEVER = ["**/node_modules/**", "**/dist/**", "**/generated/**"];
const INTEGRATION = "**/*.integration.test.ts";
const E2E = "e2e/**/*.e2e.test.ts";
const LONG = "e2e/**/*.long.test.ts";
const REDIS = "**/*.redis.test.ts";
const GATEWAYS = "e2e/**/*.gateway.test.ts";
/** Loaded by Node.js itself, as the server is when it runs. */
const NATIVE = { viteModuleRunner: false };

export default defineConfig({
  test: {
    reporters: ["default", new ClosingLineReporter()],
    projects: [
      {
        test: {
          name: "unit",
          include: ["{packages,apps/server,scripts,e2e}/**/*.test.ts"],
          exclude: [...NEVER, INTEGRATION, E2E, LONG, REDIS, GATEWAYS],
          experimental: NATIVE,
        },
      },
      {
        test: {
          name: "page",
          include: ["apps/admin/**/*.test.{ts,tsx}"],
          exclude: NEVER,
        },
      },
      {
        test: {
          name: "integration",
          include: [INTEGRATION],
          exclude: NEVER,
          globalSetup: "apps/server/test/database/global-setup.ts",
          // Each worker has its own database; more of them than cores would only wait for each other.
          experimental: NATIVE,
          pool: "forks",
          maxWorkers: 2,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      // The main job; and, in `pnpm test:long`, every other page and state, starts, kills and outages.
      ...[
        { name: "e2e", include: [E2E] },
        { name: "long", include: [LONG] },
      ].map(({ name, include }) => ({
        test: {
          name,
          include,
          exclude: NEVER,
          globalSetup: "e2e/global-setup.ts",
          // Each file starts a product of its own, and waits more than it works.
          experimental: NATIVE,
          pool: "forks" as const,
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 120_000,
          // As patient as the browser: a second is short on a busy machine.
          expect: { poll: { timeout: 10_000 } },
        },
      })),
      {
        // Not part of `pnpm test`: it needs redis-server. `pnpm test:redis` runs it.
        test: {
          name: "redis",
          include: [REDIS],
          exclude: NEVER,
          globalSetup: "apps/server/test/database/global-setup.ts",
          experimental: NATIVE,
          pool: "forks",
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 15_000 } },
        },
      },
      {
        // Not part of `pnpm test`: it needs nginx. `pnpm test:gateways` runs it.
        test: {
          name: "gateways",
          include: [GATEWAYS],
          exclude: NEVER,
          experimental: NATIVE,
          pool: "forks",
          testTimeout: 60_000,
          hookTimeout: 120_000,
          expect: { poll: { timeout: 10_000 } },
        },
      },
    ],
  },
});
