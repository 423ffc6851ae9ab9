import { REFUSAL_STEPS, type RefusalStep } from "@latchkey/types/activity";
import { builder } from "../../platform/graphql/builder.ts";
import { CallType } from "./activity-log.graphql.ts";
import type { Refusal } from "./refusal.ts";

const STEPS: Readonly<Record<RefusalStep, string>> = {
  API_KEY: "The key itself: it was revoked or had expired, or the person who made it was inactive.",
  RATE_LIMIT: "Too many calls at once.",
  SESSION_ONLY: "No key may do this.",
  SUBSCRIPTION: "The team's subscription.",
  PERMISSION: "A permission or a second factor was missing.",
  OPERATION: "What was asked for: it was not there, not well-formed, or not possible as things stood.",
  SERVER: "Nothing about the caller: the server could not answer.",
};

const RefusalStepEnum = builder.enumType("RefusalStep", {
  description: "Where on its way a call was refused, in the order in which calls are judged.",
  values: Object.fromEntries(REFUSAL_STEPS.map((step) => [step, { description: STEPS[step] }])) as Record<
    RefusalStep,
    { description: string }
  >,
});

const RefusalType = builder.objectRef<Refusal>("Refusal").implement({
  description: "Why a call was refused.",
  authScopes: { session: true },
  fields: (t) => ({
    call: t.expose("call", {
      type: CallType,
      description: "The call, with its key, its code and the permission it lacked.",
    }),
    step: t.expose("step", {
      type: RefusalStepEnum,
      nullable: true,
      description: "What refused it; null: it was not refused.",
    }),
    needed: t.exposeString("needed", {
      nullable: true,
      description: "What it would have needed, in a sentence; null: it was not refused.",
    }),
  }),
});

builder.queryField("refusal", (t) =>
  t.field({
    type: RefusalType,
    nullable: true,
    authScopes: { session: true },
    description:
      "Why the request with this id was refused. Null: unknown, which is also said of another team's, and of a request without a known key or session. Needs audit_log:read.",
    args: {
      teamId: t.arg.id({ description: "In which team; the selected one unless told." }),
      requestId: t.arg.id({ required: true, description: "As the error had it: requestId, or x-request-id." }),
    },
    resolve: (_root, args, { services, requestContext }) => services.refusals.find(requestContext, { ...args }),
  }),
);
