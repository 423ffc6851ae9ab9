/** A ban without an end lasts; one with an end lasts until that instant. */
export function isBanned(bannedAt: Date | null, banExpiresAt: Date | null, now: Date): boolean {
  return bannedAt !== null && bannedAt <= now && (banExpiresAt === null || banExpiresAt > now);
}
