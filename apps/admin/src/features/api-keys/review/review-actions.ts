import type { ReviewFindingKind } from "../../../generated/graphql.ts";

type ReviewAction = "replace" | "compare" | "revoke";

interface Possible {
  readonly mayReplace: boolean;
  readonly mayRevoke: boolean;
  /** By a key that is not revoked. */
  readonly isReplaced: boolean;
}

/** What nobody uses is revoked; what somebody uses gets a successor that is kept better. */
const WANTED: Readonly<Record<ReviewFindingKind, readonly ("replace" | "revoke")[]>> = {
  OWNER_GONE: ["replace", "revoke"],
  NEVER_USED: ["revoke"],
  UNUSED_90_DAYS: ["revoke"],
  UNUSED_30_DAYS: ["revoke"],
  PERMISSIONS_NEVER_USED: ["replace"],
  NO_EXPIRY: ["replace"],
};

/** Of a key that has its successor already, both are looked at instead. */
export function actionsFor(
  kind: ReviewFindingKind,
  { mayReplace, mayRevoke, isReplaced }: Possible,
): readonly ReviewAction[] {
  return WANTED[kind].flatMap((action): ReviewAction[] => {
    if (action === "revoke") return mayRevoke ? ["revoke"] : [];
    if (isReplaced) return ["compare"];
    return mayReplace ? ["replace"] : [];
  });
}
