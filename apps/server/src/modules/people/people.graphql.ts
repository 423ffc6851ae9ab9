import { accessTo } from "@latchkey/types/actor";
import { builder } from "../../platform/graphql/builder.ts";
import type { Person } from "./person.ts";

export const PersonType = builder.objectRef<Person>("Person").implement({
  description: "A person, also one who has left the team: names and history stay.",
  authScopes: { session: true },
  fields: (t) => ({
    id: t.exposeID("id", { description: "Opaque id." }),
    name: t.exposeString("name", { description: "The name they go by." }),
    email: t.string({
      nullable: true,
      description: "Only of oneself, or with members:read in the team.",
      resolve: ({ id, email, teamId }, _args, { requestContext: { actor } }) => {
        if (actor.kind === "session" && actor.userId === id) return email;
        const access = teamId === null ? null : accessTo(actor, teamId);
        return access?.permissions.includes("members:read") ? email : null;
      },
    }),
    isMember: t.exposeBoolean("isMember", { description: "Whether they are in the team now." }),
  }),
});
