import { z } from "zod";
import { opaqueId } from "./opaque-id.ts";

export const selectTeamInput = z.strictObject({ teamId: opaqueId });
