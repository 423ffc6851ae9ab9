/** A ban holds from when it is written, whatever a clock says; one without an end lasts. */
export function isBanned(bannedAt: Date | null, banExpiresAt: Date | null, now: Date): boolean {
  return bannedAt !== null && (banExpiresAt === null || banExpiresAt > now);
}
