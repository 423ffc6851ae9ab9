import type { CreateKeyValues } from "../create-key-input.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;
const MAX_NAME = 64;
const QUARTER_AT_END = /\s*\b\d{4}-Q[1-4]$/;

/** `2026-Q4`, where the person is. */
function quarterOf(now: Date): string {
  return `${now.getFullYear()}-Q${Math.floor(now.getMonth() / 3) + 1}`;
}

/** The name with the quarter it is made in; one that ends in a quarter has it exchanged. Cut so that it is a name. */
export function replacementName(name: string, now: Date): string {
  const quarter = quarterOf(now);
  const room = MAX_NAME - quarter.length - 1;
  const base = [...name.replace(QUARTER_AT_END, "")].slice(0, room).join("").trimEnd();
  return base === "" ? quarter : `${base} ${quarter}`;
}

interface ReplacedKey {
  readonly name: string;
  readonly permissions: readonly string[];
  readonly createdAt: string;
  readonly expiresAt: string | null;
}

export interface ReplacementValues {
  readonly values: CreateKeyValues;
  /** Permissions of the old key that the maker cannot give the new one. */
  readonly leftOut: readonly string[];
}

/** What the form begins with. @param grantable what the maker may give to a key */
export function replacementValues(
  { name, permissions, createdAt, expiresAt }: ReplacedKey,
  grantable: ReadonlySet<string>,
  now: Date,
): ReplacementValues {
  const days = expiresAt === null ? null : Math.round((Date.parse(expiresAt) - Date.parse(createdAt)) / DAY_MS);
  return {
    values: {
      name: replacementName(name, now),
      permissions: permissions.filter((permission) => grantable.has(permission)),
      expiresInDays: days === null ? "" : String(Math.max(1, days)),
    },
    leftOut: permissions.filter((permission) => !grantable.has(permission)),
  };
}
