export const apiKeysReplaceMessages = {
  replaceKey: {
    title: "Replace API key",
    replaceNamed: "Replace {name}",
    replaces: "Replaces {name}",
    replacedBy: "Replaced by {name}",
    intro:
      "The new key takes the place of <b>{name}</b>, which goes on working until you revoke it: put the new one where it is used, see that the old one falls silent, then revoke it.",
    leftOutTitle: "You cannot give the new key all that the old one may do",
    leftOut:
      "{count, plural, one {This permission is left out, because your role does not hold it: {permissions}. Somebody who holds it can replace the key instead.} other {These permissions are left out, because your role does not hold them: {permissions}. Somebody who holds them can replace the key instead.}}",
    already: "{name} already has a replacement that is not revoked: {replacement}.",
    show: "Show both keys",
    notFound: "There is no such key, or you may not see it.",
  },
  replacement: {
    title: "Old and new key",
    old: "Old key",
    new: "New key",
    calls: "Calls in 24 h",
    callCount: "{count, number}",
    live: "This is brought up to date every ten seconds.",
    rareJobs:
      "A job that runs once a week or once a month is silent for longer. If there is one, wait for its next run.",
    revokeOld: "Revoke the old key",
    mayNotRevoke: "Only its maker, owners and admins may revoke the old key.",
    none: "{name} has no replacement, or its replacement was revoked.",
    notFound: "There is no such key, or you may not see it.",
  },
  replacementVerdict: {
    revoked: "The old key is revoked: nothing is left to do.",
    newStopped: "Not yet: the new key would be refused itself ({state}), so whatever uses the old one would stop.",
    expired:
      "{refused, plural, =0 {Safe to revoke: the old key has expired and opens nothing any more.} one {Safe to revoke: the old key has expired and opens nothing, but something still tried it once since.} other {Safe to revoke: the old key has expired and opens nothing, but something still tried it # times since.}}",
    bothUnused: "Not yet: neither key has ever been used, so nothing shows that the new one works.",
    newUnused: "Not yet: the new key has never been used, so whatever uses the old one would stop.",
    oldCalling:
      "Not yet: the old key is still in use, with {calls, plural, one {# call} other {# calls}} in the last 24 hours, the last {when}.",
    oldCalledLater: "Not yet: the old key made the last call of the two, {when}; something may have gone back to it.",
    oldUnused: "Safe to revoke: the old key has never been used, and the new one is in use.",
    oldSilentHours: "Safe to revoke: the old key has been silent for {hours} hours, and the new one is in use.",
    oldSilentDays: "Safe to revoke: the old key has been silent for {days} days, and the new one is in use.",
  },
} as const;
