import { z } from "zod";
import { TEAM_ROLES } from "../roles.ts";
import { pageSize } from "./api-key-list.ts";
import { opaqueId } from "./opaque-id.ts";

/** What somebody is to be in a team. */
export const memberRole = z.enum(TEAM_ROLES, { error: "A member is one of: owner, admin, manager, viewer." });

export const memberListInput = z.strictObject({
  teamId: opaqueId.nullish(),
  first: pageSize.nullish(),
  after: z.string().max(1_000, { error: "This is not a cursor of this list." }).nullish(),
});

export const changeMemberRoleInput = z.strictObject({ memberId: opaqueId, role: memberRole });

/** One member: to remove, or to revoke the keys of. */
export const memberInput = z.strictObject({ memberId: opaqueId });

export const leaveTeamInput = z.strictObject({ teamId: opaqueId });
