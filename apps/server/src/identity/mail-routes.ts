import { confirmAddressInput, mailedLinkInput } from "@latchkey/types/inputs/account-mail";
import { parseInput } from "../platform/parse-input.ts";
import { readJson } from "./sign-up.ts";

const REQUEST_RESET = "POST /api/auth/request-password-reset";
const SEND_CONFIRMATION = "POST /api/auth/send-verification-email";
/**
 * Better Auth has it as a GET that redirects to wherever the link says. A mail scanner that opens every link would
 * confirm addresses by it; ours is sent by a button of the page, and redirects nowhere.
 */
const CONFIRM = "POST /api/auth/verify-email";

/** The routes that exist where mails go anywhere. */
export const MAIL_ROUTES: readonly string[] = [REQUEST_RESET, SEND_CONFIRMATION, CONFIRM];

/** Such a request as Better Auth is to get it: checked, with nothing beside what we know, and nobody's. */
export async function admitMailRequest(route: string, request: Request): Promise<Request> {
  const headers = new Headers(request.headers);
  for (const name of ["cookie", "content-length"]) headers.delete(name);
  const body = await readJson(request);
  if (route === CONFIRM) {
    const { token } = parseInput(confirmAddressInput, body);
    headers.delete("content-type");
    return new Request(`${request.url.split("?")[0]}?token=${encodeURIComponent(token)}`, { headers });
  }
  return new Request(request.url, {
    method: "POST",
    headers,
    body: JSON.stringify(parseInput(mailedLinkInput, body)),
  });
}
