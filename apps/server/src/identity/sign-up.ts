import { INVITATION_HEADER } from "@latchkey/types/inputs/invitations";
import { signUpInput } from "@latchkey/types/inputs/people";
import { DomainError } from "../platform/domain-error.ts";
import { parseInput } from "../platform/parse-input.ts";

export const SIGN_UP_ROUTE = "POST /api/auth/sign-up/email";

/** Whether an invitation's link was made for this address, and can still be used. */
export type IsInvited = (token: string, email: string) => Promise<boolean>;

/**
 * A sign-up as Better Auth is to get it: checked, with nothing beside what we know. Where sign-up is by invitation, only
 * for the address that the link in the header was made for. Which addresses have an account, it does not tell.
 */
export async function admitSignUp(request: Request, isOpen: boolean, isInvited: IsInvited): Promise<Request> {
  const input = parseInput(signUpInput, await readJson(request));
  const token = request.headers.get(INVITATION_HEADER);
  if (!isOpen && (token === null || !(await isInvited(token, input.email)))) {
    throw new DomainError(
      "invitation_invalid",
      "This invitation lets nobody with that e-mail address in: it was used, has ended, or was made for another one. Ask for a new one.",
    );
  }
  const headers = new Headers(request.headers);
  headers.delete("content-length");
  return new Request(request.url, { method: "POST", headers, body: JSON.stringify(input) });
}

/** @throws DomainError invalid_json */
export async function readJson(request: Request): Promise<unknown> {
  try {
    return await request.json();
  } catch (error) {
    if (error instanceof SyntaxError) throw new DomainError("invalid_json", "The body is not JSON.");
    throw error;
  }
}
