import { DEFAULT_PAGE_SIZE } from "@latchkey/types/inputs/api-key-list";
import { InvalidInputError, NotFoundError, PermissionMissingError } from "../../platform/domain-error.ts";
import { builder } from "../../platform/graphql/builder.ts";
import { toConnection } from "../../platform/graphql/connection.ts";
import type { BackofficePerson } from "./backoffice-person.ts";

const BackofficePersonType = builder.objectRef<BackofficePerson>("BackofficePerson").implement({
  description: "What the backoffice sees of a person, over all teams.",
  authScopes: { session: true },
  fields: (t) => ({
    id: t.exposeID("id", { description: "Opaque id, user_…; the userId of setUserBan." }),
    name: t.exposeString("name", { description: "The name they go by." }),
    email: t.exposeString("email", { description: "The address they sign in with." }),
    isSuperAdmin: t.exposeBoolean("isSuperAdmin", { description: "Whether they administer the platform." }),
    isBanned: t.exposeBoolean("isBanned", { description: "Whether they can neither sign in nor use a key." }),
    bannedAt: t.expose("bannedAt", {
      type: "DateTime",
      nullable: true,
      description: "Since when; null where they are not.",
    }),
    banReason: t.exposeString("banReason", { nullable: true, description: "What was said when they were banned." }),
    teams: t.exposeInt("teams", { description: "How many teams they are in." }),
    activeKeys: t.exposeInt("activeKeys", {
      description:
        "Keys that a ban stops and an unban gives back: neither revoked nor expired, of a membership they have.",
    }),
    keyTeams: t.exposeInt("keyTeams", { description: "In how many teams those keys are." }),
    sessions: t.exposeInt("sessions", { description: "Sessions that have not expired." }),
    viewerMayBan: t.boolean({
      description: "Whether the viewer may ban and unban them: anybody but oneself.",
      resolve: ({ id }, _args, { services, requestContext }) => services.backoffice.mayBan(requestContext, id),
    }),
  }),
});

const BackofficePersonConnectionType = builder.connectionObject(
  {
    type: BackofficePersonType,
    name: "BackofficePersonConnection",
    description: "A page of the platform's people.",
    authScopes: { session: true },
  },
  { name: "BackofficePersonEdge", description: "A person in a list, with their place.", authScopes: { session: true } },
);

builder.queryField("people", (t) =>
  t.field({
    type: BackofficePersonConnectionType,
    nullable: true,
    authScopes: { session: true },
    description: "Everybody on the platform, by e-mail address. Needs backoffice:access.",
    args: {
      search: t.arg.string({ description: "Beginnings of words of the name or the e-mail address, or an id." }),
      first: t.arg.int({ defaultValue: DEFAULT_PAGE_SIZE, description: "How many, 1 to 100." }),
      after: t.arg.string({ description: "The endCursor of the page before, under the same search." }),
    },
    resolve: async (_root, args, { services, requestContext }) => {
      const { rows, hasMore } = await services.backoffice.listPeople(requestContext, { ...args });
      const edges = rows.map(({ row, cursor }) => ({ node: row, cursor }));
      return toConnection(edges, hasMore, args.after);
    },
  }),
);

const SetUserBanInput = builder.inputType("SetUserBanInput", {
  description: "Whom to ban, or to let in again.",
  fields: (t) => ({
    userId: t.id({ required: true, description: "Which person; never oneself." }),
    banned: t.boolean({ required: true, description: "True: banned from now on. False: no longer." }),
    reason: t.string({
      description: "Why, for those who look at it later; at most 500 characters. Teams do not see it.",
    }),
  }),
});

const SetUserBanPayload = builder.objectRef<{ person: BackofficePerson }>("SetUserBanPayload").implement({
  description: "Banned: no session of theirs is one any more, and no server process accepts their keys. Or no longer.",
  authScopes: { session: true },
  fields: (t) => ({
    person: t.expose("person", { type: BackofficePersonType, description: "The person." }),
  }),
});

builder.mutationField("setUserBan", (t) =>
  t.field({
    type: SetUserBanPayload,
    description:
      "Bans a person: their sessions end and their keys stop. An unban gives the keys back, and no session. Needs backoffice:access.",
    authScopes: { session: true },
    errors: {
      types: [InvalidInputError, PermissionMissingError, NotFoundError],
      union: { name: "SetUserBanResult", description: "So it is, or why not." },
    },
    args: { input: t.arg({ type: SetUserBanInput, required: true, description: "Whom, and why." }) },
    resolve: async (_root, { input }, { services, requestContext }) => ({
      person: await services.backoffice.setUserBan(requestContext, { ...input }),
    }),
  }),
);
