import type { SessionActor } from "@latchkey/types/actor";
import type { PeopleService } from "../modules/people/people.service.ts";
import { createId } from "../platform/id.ts";
import type { RequestContext } from "../platform/request-context.ts";
import { sessionActor } from "./session-actor.ts";

/** Who acts without a request of their own, on the machine of the server; in the audit log in place of a browser. */
export type Agent = { readonly name: "Latchkey demo" | "pnpm user:create"; readonly requestId: string };

/** A person's context without a session of theirs: for the operator's commands and the demo, never for a door. */
export async function actAs(
  people: Pick<PeopleService, "findForSession">,
  userId: string,
  agent: Agent,
): Promise<RequestContext & { readonly actor: SessionActor }> {
  const person = await people.findForSession(userId);
  if (person === null) throw new Error("There is no such person, or they are banned.");
  // Whoever runs a command on the machine needs no second factor there.
  const session = { sessionId: "session_none", userId, selectedTeamId: null, secondFactorMissingIn: undefined };
  const actor = sessionActor(session, person);
  return { actor, requestId: agent.requestId, ip: "127.0.0.1", userAgent: agent.name };
}

/** The operator, who is nobody in the database, at a command. */
export function operator(command: string): RequestContext {
  return { actor: { kind: "nobody" }, requestId: createId("req"), ip: "127.0.0.1", userAgent: command };
}
