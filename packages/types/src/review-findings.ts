/** What is worth a look about keys that work, gravest first. */
export const REVIEW_FINDINGS = [
  "OWNER_GONE",
  "NEVER_USED",
  "UNUSED_90_DAYS",
  "UNUSED_30_DAYS",
  "PERMISSIONS_NEVER_USED",
  "NO_EXPIRY",
] as const;
export type ReviewFindingKind = (typeof REVIEW_FINDINGS)[number];

/** A key without any call counts as never used from this age on: before, it may just not be deployed. */
export const NEVER_USED_AFTER_DAYS = 7;

/** A permission counts as never used when the key is this old, is in use, and no call ever needed it. */
export const PERMISSION_NEVER_USED_AFTER_DAYS = 30;
