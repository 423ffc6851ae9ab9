import type { Config } from "./config.ts";
import type { OpenDemo } from "./demo/open-demo.ts";

interface Facts {
  readonly config: Config;
  readonly port: number;
  readonly demo: OpenDemo | null;
  readonly isEmpty: boolean;
}

/** What a person at the terminal needs: where it runs, who can sign in, and a first call. */
export function greeting({ config, port, demo, isEmpty }: Facts): string {
  const base = config.publicUrl;
  const lines = [
    "",
    `  Latchkey is running (${config.isLocal ? "local" : "production"} mode)`,
    "",
    `  Page      ${base}`,
    `  GraphQL   ${base}/graphql`,
    `  REST      ${base}/api/v1`,
    ...(base.endsWith(`:${port}`) ? [] : [`  Listening on ${config.host}:${port}`]),
    "",
  ];
  if (demo !== null) lines.push(...demoLines(demo, base));
  else if (isEmpty) {
    lines.push(
      "  Nobody can sign in yet. Make the first person, and a team they own:",
      "",
      '    pnpm user:create you@example.com --team "Your team"',
      "",
    );
  }
  return `${lines.join("\n")}\n`;
}

function demoLines({ signIns, secret }: OpenDemo, base: string): string[] {
  const width = Math.max(...signIns.map(({ email }) => email.length));
  return [
    "  Sign in as",
    ...signIns.map(
      ({ email, password }) => `    ${email.padEnd(width)}  ${password ?? "(password was printed by the first start)"}`,
    ),
    "",
    "  A first call, with a key of Acme Ads:",
    "",
    `    curl -H 'x-api-key: ${secret}' ${base}/api/v1/auth/me`,
    "",
  ];
}
