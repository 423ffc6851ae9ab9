import { z } from "@hono/zod-openapi";
import { TEAM_ROLES } from "@latchkey/types/roles";
import type { RestApp } from "../../platform/rest/environment.ts";
import {
  cursorParameter,
  limitParameter,
  nextLink,
  PAGE_HEADERS,
  pageJson,
  withOurName,
} from "../../platform/rest/pagination.ts";
import { route } from "../../platform/rest/route.ts";
import type { Member } from "./member.ts";

const memberJson = z
  .object({
    id: z.string(),
    user: z.object({ id: z.string(), name: z.string(), email: z.string() }),
    role: z.enum(TEAM_ROLES),
    joinedAt: z.iso.datetime(),
    activeKeys: z.int(),
  })
  .openapi("Member", {
    description: "A person in the team, with exactly one role.",
    example: {
      id: "member_0000000000000000000a",
      user: { id: "user_0000000000000000000a", name: "Olivia Owner", email: "owner@acme.example" },
      role: "owner",
      joinedAt: "2026-11-01T08:30:00.000Z",
      activeKeys: 3,
    },
  });

function toMemberJson({ id, user, role, joinedAt, activeKeys }: Member): z.input<typeof memberJson> {
  const { id: userId, name, email } = user;
  return { id, user: { id: userId, name, email }, role, joinedAt: joinedAt.toISOString(), activeKeys };
}

export function registerMemberRoutes(app: RestApp): void {
  app.openapi(
    route(
      { credential: "key_or_session", permission: "members:read" },
      {
        method: "get",
        path: "/members",
        operationId: "listMembers",
        summary: "List members",
        description: "The members of the team with their roles, in the order in which they joined.",
        tags: ["Members"],
        request: { query: z.strictObject({ limit: limitParameter, cursor: cursorParameter }) },
        responses: {
          200: {
            description: "A page of members.",
            headers: PAGE_HEADERS,
            content: { "application/json": { schema: pageJson(memberJson) } },
          },
        },
      },
      ["invalid_input", "no_team_selected"],
    ),
    async (context) => {
      const { limit, cursor } = context.req.valid("query");
      const { members } = context.env.services;
      const page = await withOurName("after", "cursor", () =>
        members.list(context.var.context, { first: limit, after: cursor }),
      );
      const nextCursor = page.hasMore ? (page.members.at(-1)?.cursor ?? null) : null;
      if (nextCursor !== null) context.header("link", nextLink(context.req.url, nextCursor));
      return context.json(
        { data: page.members.map(({ member }) => toMemberJson(member)), page: { nextCursor, hasMore: page.hasMore } },
        200,
      );
    },
  );
}
