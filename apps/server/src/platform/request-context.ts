import type { Actor } from "@latchkey/types/actor";
import type { CallNotes } from "./call-notes.ts";

/** What a service knows about the request it serves. */
export interface RequestContext {
  readonly actor: Actor;
  readonly requestId: string;
  /** The address of the client as the socket says; never from a header nobody vouched for. */
  readonly ip: string;
  readonly userAgent: string | null;
}

/** The same, where it is also said what becomes of the call. */
export interface NotedContext extends RequestContext {
  readonly notes: CallNotes;
}
