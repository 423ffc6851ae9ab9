import type { Permission } from "@latchkey/types/permissions";
import type { Services } from "../../services.ts";
import type { PlainAnswer } from "../plain-answer.ts";
import type { NotedContext } from "../request-context.ts";
import { exercisedBy, type RouteAccess } from "./route-access.policy.ts";

/**
 * A route that programs call millions of times a day, for the one way in which they call it: GET with a key and nothing
 * unusual. The same route is declared for the router, which answers all else and writes the contract; both use the same
 * service and the same shape of the answer, and a test compares what they say.
 */
export interface DirectRoute {
  readonly path: string;
  readonly access: RouteAccess;
  /** Of the caller's permissions, unless the query says which. */
  readonly exercised: readonly Permission[];
  /** What the query (with its `?`) asks, ready to be answered; null: unusual, so the router reads it. */
  prepare(query: string): ((services: Services, context: NotedContext) => Promise<PlainAnswer>) | null;
  dressRefusal(refusal: PlainAnswer): PlainAnswer;
}

interface Declaration<Input> {
  readonly path: string;
  readonly access: RouteAccess;
  readonly inputOf: (query: string) => Input | null;
  readonly answer: (services: Services, context: NotedContext, input: Input) => Promise<PlainAnswer>;
  readonly dressRefusal?: (refusal: PlainAnswer) => PlainAnswer;
}

export function directRoute<Input>({ path, access, inputOf, answer, ...rest }: Declaration<Input>): DirectRoute {
  return {
    path,
    access,
    exercised: exercisedBy(access),
    prepare(query) {
      const input = inputOf(query);
      return input === null ? null : (services, context) => answer(services, context, input);
    },
    dressRefusal: rest.dressRefusal ?? ((refusal) => refusal),
  };
}
