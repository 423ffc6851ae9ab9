/** An answer before it becomes a Response, or a response of Node.js. */
export interface PlainAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** Each a `Set-Cookie` of its own. */
  readonly cookies?: readonly string[];
}

export function toResponse({ status, headers, body, cookies = [] }: PlainAnswer): Response {
  const response = new Response(body, { status, headers });
  for (const cookie of cookies) response.headers.append("set-cookie", cookie);
  return response;
}

export async function toPlainAnswer(response: Response): Promise<PlainAnswer> {
  const { status, headers } = response;
  const others = [...headers].filter(([name]) => name !== "set-cookie");
  const body = response.body === null ? null : await response.text();
  return { status, headers: Object.fromEntries(others), body, cookies: headers.getSetCookie() };
}
