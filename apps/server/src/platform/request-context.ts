import type { Actor } from "@latchkey/types/actor";

/** What a service knows about the request it serves. */
export interface RequestContext {
  readonly actor: Actor;
  readonly requestId: string;
  /** The address of the client as the socket says; never from a header nobody vouched for. */
  readonly ip: string;
  readonly userAgent: string | null;
}
