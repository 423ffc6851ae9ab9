/** What a caller may send as a new key and must not get, each with the fields that are to be named. */
export const BAD_NEW_KEYS: readonly (readonly [
  what: string,
  input: Record<string, unknown>,
  fields: readonly string[],
])[] = (() => {
  const good = { name: "Good", permissions: ["analytics:read"] };
  const name = (what: string, value: unknown) => [what, { ...good, name: value }, ["name"]] as const;
  const permissions = (what: string, value: unknown, field = "permissions") =>
    [what, { ...good, permissions: value }, [field]] as const;
  const expiry = (what: string, value: unknown) =>
    [what, { ...good, expiresInDays: value }, ["expiresInDays"]] as const;
  return [
    name("an empty name", ""),
    name("a name of spaces", "   "),
    name("a name of 65 characters", "x".repeat(65)),
    name("a name of 65 emoji", "🔑".repeat(65)),
    name("a name with a line break", "a\nb"),
    name("a name with a NUL", "a\u0000b"),
    name("a name with an escape", "a\u001b[31m"),
    name("a name with DEL", "a\u007f"),
    name("a name with a C1 control", "a\u0085b"),
    name("a name with a right-to-left override", "a\u202eb"),
    name("a name with an isolate", "a\u2066b"),
    name("a name with an Arabic letter mark", "a\u061cb"),
    name("a name with a zero-width space", "a\u200bb"),
    name("a name with a zero-width joiner", "a\u200db"),
    name("a name with a word joiner", "a\u2060b"),
    name("a name with a byte-order mark", "a\ufeffb"),
    name("a name with a lone surrogate", "a\ud800b"),
    name("a name with a line separator", "a\u2028b"),
    name("no name", undefined),
    name("a null name", null),
    name("a number as name", 7),
    name("a list as name", ["a"]),
    name("an object as name", { a: 1 }),
    permissions("no permissions", undefined),
    permissions("an empty list of permissions", []),
    permissions("an unknown permission", ["campaigns:destroy"], "permissions.0"),
    permissions("a permission in capitals", ["ANALYTICS:READ"], "permissions.0"),
    permissions("a wildcard", ["*"], "permissions.0"),
    permissions("a permission with a space", ["analytics:read "], "permissions.0"),
    permissions("an unknown permission among good ones", ["analytics:read", "reports:read", "nope"], "permissions.2"),
    permissions("a number among the permissions", ["analytics:read", 7], "permissions.1"),
    permissions("null among the permissions", [null], "permissions.0"),
    permissions("an object as permissions", { 0: "analytics:read" }),
    permissions("null permissions", null),
    permissions(
      "a thousand permissions",
      Array.from({ length: 1_000 }, () => "analytics:read"),
    ),
    expiry("expiry 0", 0),
    expiry("expiry -1", -1),
    expiry("expiry 3,651", 3_651),
    expiry("expiry 1.5", 1.5),
    expiry('expiry "soon"', "soon"),
    expiry('expiry "30"', "30"),
    expiry("expiry true", true),
    expiry("expiry beyond 32 bits", 4_294_967_297),
    ["an unknown field", { ...good, role: "owner" }, ["role"]],
    ["another creator", { ...good, createdById: "user_00000000000000000000" }, ["createdById"]],
    [
      "a prototype",
      JSON.parse('{"name":"Good","permissions":["analytics:read"],"__proto__":{"polluted":1}}') as Record<
        string,
        unknown
      >,
      ["__proto__"],
    ],
    ["an id that is none", { ...good, teamId: "'; DROP TABLE team; --" }, ["teamId"]],
    ["a replaced key that is no id", { ...good, replacesId: "../key" }, ["replacesId"]],
    [
      "three mistakes at once",
      { name: "", permissions: ["x"], expiresInDays: 0 },
      ["name", "permissions.0", "expiresInDays"],
    ],
  ];
})();

/** What somebody writes where a path has an id, as it stands in the path. */
export const NO_IDS: readonly string[] = [
  "%00",
  "key_%00",
  "..%2F..",
  "key_",
  "a".repeat(5_000),
  "%F0%9F%94%91",
  "';DROP%20TABLE%20team;--",
  "%",
  "%E0%A4%A",
  "null",
  "[object%20Object]",
  "__proto__",
  "key_0%0a",
];
