import type { CreateApiKeyInput, CreateApiKeyMutation } from "../../generated/graphql.ts";
import { isOutcomeUnknown, requestFailure, type RequestFailure } from "../../graphql/request-failure.ts";

type Answer = CreateApiKeyMutation["createApiKey"];
type Created = Extract<Answer, { __typename: "CreateApiKeyPayload" }>;
export type RefusedCreation = Exclude<Answer, Created>;

/** A key that was made although its secret never arrived. */
export type LostKey = Created["apiKey"];

export type CreationOutcome =
  | { readonly kind: "created"; readonly secret: string }
  | { readonly kind: "lost"; readonly apiKey: LostKey }
  | { readonly kind: "refused"; readonly refusal: RefusedCreation }
  /** Unknown: this attempt, or one before it, may have made a key. */
  | { readonly kind: "failed"; readonly failure: RequestFailure; readonly isUnknown: boolean };

/** Rejects as a request does; undefined is an answer that says nothing. */
export type SendCreation = (input: CreateApiKeyInput) => Promise<Answer | undefined>;

export interface CreateOnce {
  readonly create: (input: CreateApiKeyInput) => Promise<CreationOutcome>;
  /** For a key beside the one that `create` was about so far. */
  readonly startAnew: () => void;
}

/**
 * Makes one key, however many attempts it takes. All of them carry one idempotency key, also when the form was changed
 * in between: were it another one, a lost answer and a changed name could leave two keys behind. Whether an attempt that
 * stayed without answer made its key, the server says at the next.
 */
export function createOnce(send: SendCreation, newKey: () => string = newIdempotencyKey): CreateOnce {
  let idempotencyKey = newKey();
  const unanswered = new Map<string, CreateApiKeyInput>();

  async function attempt(input: CreateApiKeyInput): Promise<CreationOutcome> {
    try {
      const answer = await send({ ...input, idempotencyKey });
      if (answer !== undefined) return outcomeOf(answer);
    } catch (cause) {
      const failure = requestFailure(cause);
      if (!isOutcomeUnknown(failure)) return { kind: "failed", failure, isUnknown: unanswered.size > 0 };
      unanswered.set(JSON.stringify(input), input);
      return { kind: "failed", failure, isUnknown: true };
    }
    unanswered.set(JSON.stringify(input), input);
    return { kind: "failed", failure: "unexpected", isUnknown: true };
  }

  return {
    async create(input) {
      const outcome = await attempt(input);
      if (!isConflict(outcome)) return outcome;
      // An earlier attempt with another input did make a key. Repeated as it was, it says which.
      for (const earlier of unanswered.values()) {
        const found = await attempt(earlier);
        if (!isConflict(found)) return found;
      }
      return outcome;
    },
    startAnew() {
      idempotencyKey = newKey();
      unanswered.clear();
    },
  };
}

function outcomeOf(answer: Answer): CreationOutcome {
  if (answer.__typename !== "CreateApiKeyPayload") return { kind: "refused", refusal: answer };
  const { key, apiKey } = answer;
  return key === null ? { kind: "lost", apiKey } : { kind: "created", secret: key };
}

function isConflict(outcome: CreationOutcome): boolean {
  return outcome.kind === "refused" && outcome.refusal.code === "idempotency_conflict";
}

/** 128 random bits. `crypto.randomUUID` would be missing where the page is not served over https. */
export function newIdempotencyKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
