import type { UsageRange } from "@latchkey/types/usage-ranges";
import { builder } from "../../platform/graphql/builder.ts";
import { ApiKeyType } from "./api-key-type.graphql.ts";
import type { RefusalCount, UsageBucket } from "./key-usage.ts";

const UsageRangeEnum = builder.enumType("UsageRange", {
  description: "Until now, for how long back. Hours and days are those of UTC; the last is not over yet.",
  values: {
    LAST_24_HOURS: { description: "24 hours, by the hour." },
    LAST_7_DAYS: { description: "Today and the 6 days before, by the day." },
    LAST_30_DAYS: { description: "Today and the 29 days before, by the day." },
  } satisfies Record<UsageRange, { description: string }>,
});

const UsageBucketType = builder.objectRef<UsageBucket>("UsageBucket").implement({
  description: "A key's calls in one hour or day of UTC.",
  authScopes: { session: true },
  fields: (t) => ({
    start: t.expose("start", { type: "DateTime", description: "When it began." }),
    calls: t.exposeInt("calls", { description: "All calls in it whose secret was right, also refused ones." }),
    refused: t.exposeInt("refused", { description: "Those of them that were answered with an error." }),
  }),
});

const RefusalCountType = builder.objectRef<RefusalCount>("RefusalCount").implement({
  description: "A key's calls that were answered with the same error.",
  authScopes: { session: true },
  fields: (t) => ({
    code: t.exposeString("code", { description: "The error's code." }),
    calls: t.exposeInt("calls", { description: "How many." }),
  }),
});

builder.objectFields(ApiKeyType, (t) => ({
  usage: t.field({
    type: [UsageBucketType],
    description: "Its calls by hour or day, oldest first; those without calls are there too.",
    args: { range: t.arg({ type: UsageRangeEnum, required: true, description: "For how long back." }) },
    resolve: async (key, { range }, { loaders }) => [...(await loaders.keyUsage.load({ key, range })).buckets],
  }),
  refusals: t.field({
    type: [RefusalCountType],
    description: "Why calls of it were refused, the most frequent reason first. Together as many as usage counts.",
    args: { range: t.arg({ type: UsageRangeEnum, required: true, description: "For how long back." }) },
    resolve: async (key, { range }, { loaders }) => [...(await loaders.keyUsage.load({ key, range })).refusals],
  }),
}));
