/**
 * An answer of Better Auth's for the page. The token of a session is in its cookie, which scripts cannot read; it has no
 * business in a body.
 */
export async function withoutTokens(answer: Response): Promise<Response> {
  if (!/json/.test(answer.headers.get("content-type") ?? "")) return answer;
  const text = await answer.text();
  const headers = new Headers(answer.headers);
  headers.delete("content-length");
  const body =
    text === ""
      ? text
      : JSON.stringify(JSON.parse(text), (key, value: unknown) => (key === "token" ? undefined : value));
  return new Response(body, { status: answer.status, headers });
}
