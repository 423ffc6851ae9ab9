import { z } from "zod";
import { nameOf } from "./name.ts";
import { opaqueId } from "./opaque-id.ts";

export const createTeamInput = z.strictObject({ name: nameOf("team") });

export const setTeamSecondFactorInput = z.strictObject({ teamId: opaqueId.nullish(), isRequired: z.boolean() });

export const selectTeamInput = z.strictObject({ teamId: opaqueId });
