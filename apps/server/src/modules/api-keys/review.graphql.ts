import { DEFAULT_REVIEWED_KEYS } from "@latchkey/types/inputs/api-key-review";
import type { ReviewFindingKind } from "@latchkey/types/review-findings";
import { builder } from "../../platform/graphql/builder.ts";
import { ApiKeyType } from "./api-key-type.graphql.ts";
import type { ReviewFinding } from "./review.service.ts";

const ReviewFindingKindEnum = builder.enumType("ReviewFindingKind", {
  description: "What is worth a look about an ACTIVE key. One whose owner is gone has no other finding.",
  values: {
    OWNER_GONE: { description: "Who made it has left the team or is banned, so it is refused." },
    NEVER_USED: { description: "Made at least 7 days ago, and no call yet." },
    UNUSED_90_DAYS: { description: "Its last call is at least 90 days ago." },
    UNUSED_30_DAYS: { description: "Its last call is 30 to 90 days ago." },
    PERMISSIONS_NEVER_USED: {
      description: "Made at least 30 days ago and in use, and no call ever needed one of its effective permissions.",
    },
    NO_EXPIRY: { description: "It never expires." },
  } satisfies Record<ReviewFindingKind, { description: string }>,
});

const ReviewFindingType = builder.objectRef<ReviewFinding>("ReviewFinding").implement({
  description: "Active keys of a team of which the same is worth a look.",
  authScopes: { session: true },
  fields: (t) => ({
    kind: t.expose("kind", { type: ReviewFindingKindEnum, description: "What it is." }),
    count: t.exposeInt("count", { description: "How many keys it is true of." }),
    keys: t.field({
      type: [ApiKeyType],
      description: "The first of them: those used, or else made, longest ago.",
      resolve: async ({ keyIds }, _args, { loaders }) => {
        const keys = await Promise.all(keyIds.map((id) => loaders.visibleKeys.load(id)));
        return keys.filter((key) => key !== null);
      },
    }),
  }),
});

builder.queryField("apiKeyReview", (t) =>
  t.field({
    type: [ReviewFindingType],
    nullable: true,
    authScopes: { session: true },
    description:
      "What is worth a look about the active keys that the viewer sees, gravest first: all of the team's with api_keys:read, otherwise those the viewer made. Empty: nothing.",
    args: {
      teamId: t.arg.id({ description: "In which team; the selected one unless told." }),
      first: t.arg.int({
        defaultValue: DEFAULT_REVIEWED_KEYS,
        description: "How many keys of each finding, 1 to 50; the counts are of all.",
      }),
    },
    resolve: (_root, args, { services, requestContext }) => services.apiKeyReview.review(requestContext, { ...args }),
  }),
);
