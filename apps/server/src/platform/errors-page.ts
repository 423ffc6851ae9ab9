import { ERRORS, type ErrorCode } from "@latchkey/types/error-codes";

/** The page that the `type` of a problem leads to: one anchor per code. */
export function errorsPage(): string {
  const sections = (Object.keys(ERRORS) as ErrorCode[]).map((code) => {
    const { status, title, mend } = ERRORS[code];
    return `<section id="${code}"><h2><code>${code}</code></h2><p>${status} · ${escape(title)}</p><p>${escape(mend)}</p></section>`;
  });
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Latchkey errors</title>
<style>
:root { color-scheme: light dark; font-family: system-ui, sans-serif; line-height: 1.5 }
body { max-width: 44rem; margin: 2rem auto; padding: 0 1rem }
section { padding: 0.5rem 1rem; border-left: 3px solid transparent }
section:target { border-color: currentColor }
h2 { font-size: 1.1rem }
</style></head>
<body><h1>Errors</h1>
<p>Every error has a stable <code>code</code>, the same in REST, GraphQL and the page, and a request id to report.
Owners and admins of the team read at <code>/settings/team/requests/&lt;request id&gt;</code> which step refused it and what it would have needed.</p>
${sections.join("\n")}
</body>
</html>
`;
}

function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replace(/`([^`]+)`/g, "<code>$1</code>");
}
