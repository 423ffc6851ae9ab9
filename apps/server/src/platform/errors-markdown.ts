import { ERRORS, type ErrorCode } from "@latchkey/types/error-codes";

const INTRODUCTION = `# Errors

Every error has a stable \`code\`, the same in REST, in GraphQL and in the page, one sentence for people, and a request id to report. Owners and admins of the key's team read at \`/settings/team/requests/<request id>\` which step refused it and what it would have needed. REST answers with problem details (RFC 9457) and the status below; in GraphQL the code is a field of the error types, or \`extensions.code\` of a top-level error. A running server has this page at \`/docs/errors\`, and \`type\` of a problem leads there.

Printed from \`packages/types/src/error-codes.ts\` by \`pnpm generate\`: edit that file, not this one.
`;

/** docs/errors.md: one heading, and so one anchor, for every code. */
export function errorsMarkdown(): string {
  const sections = (Object.keys(ERRORS) as ErrorCode[]).map((code) => {
    const { status, title, mend } = ERRORS[code];
    return `## ${code}\n\n${status} · **${title}.** ${mend}\n`;
  });
  return [INTRODUCTION, ...sections].join("\n");
}
