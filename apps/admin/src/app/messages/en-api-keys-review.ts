export const apiKeysReviewMessages = {
  review: {
    title: "Review keys",
    link: "Review",
    linkWithCount: "Review ({count, number})",
    linkNamed:
      "{count, plural, =0 {Review keys: nothing to review} one {Review keys: # finding} other {Review keys: # findings}}",
    back: "API Keys",
    intro:
      "A key that nobody needs is one that nobody misses when it leaks. Go through this once a month: revoke what is not used, and replace what may do more than it does.",
    ownOnly: "You see the keys you made. Owners and admins see every key of {team}.",
    loading: "Looking through the keys",
    emptyTitle: "Nothing to review",
    emptyBody:
      "Every active key has an owner, is in use, makes use of what it may do, and expires one day. Come back in a month.",
    more: "The {shown, number} that were used longest ago, of {count, number}. Once they are dealt with, the next follow.",
    replace: "Replace",
    replaceNamed: "Replace {name}",
    compare: "Compare",
    compareNamed: "Compare {name} with its replacement",
  },
  reviewKind: {
    OWNER_GONE: "{count, plural, one {# key without an owner} other {# keys without an owner}}",
    OWNER_GONEHelp:
      "Whoever made it has left the team or is banned, so every call is refused. If something still needs it, replace it with a key of yours; then revoke it.",
    NEVER_USED: "{count, plural, one {# key that was never used} other {# keys that were never used}}",
    NEVER_USEDHelp: "Made at least 7 days ago, and no call yet. Revoke what is not about to be put to use.",
    UNUSED_90_DAYS: "{count, plural, one {# key unused for 90 days} other {# keys unused for 90 days}}",
    UNUSED_90_DAYSHelp: "Not one call in a quarter. Revoke what nobody can name a use for.",
    UNUSED_30_DAYS: "{count, plural, one {# key unused for 30 days} other {# keys unused for 30 days}}",
    UNUSED_30_DAYSHelp: "Not one call in a month. Ask whoever made it, then revoke it.",
    PERMISSIONS_NEVER_USED:
      "{count, plural, one {# key with permissions it never uses} other {# keys with permissions they never use}}",
    PERMISSIONS_NEVER_USEDHelp:
      "In use for at least 30 days, and no call ever needed these. Replace the key with one that has fewer: nobody can take permissions from a key.",
    NO_EXPIRY: "{count, plural, one {# key that never expires} other {# keys that never expire}}",
    NO_EXPIRYHelp: "A key that ends by itself cannot be forgotten. Replace it with one that expires.",
  },
  reviewSentence: {
    left: "{name} is no longer in the team, so every call is refused.",
    banned: "{name} is banned, so every call is refused.",
    neverUsed: "Made {made}, and never used.",
    unused: "Last used {used}.",
    permissions: "Never used: {permissions}.",
    noExpiry: "Made {made}, last used {used}.",
    noExpiryUnused: "Made {made}, never used.",
  },
} as const;
