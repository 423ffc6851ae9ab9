import type { UseFormReturnType } from "@mantine/form";
import type { CreateApiKeyInput } from "../../generated/graphql.ts";

export interface CreateKeyValues {
  readonly name: string;
  readonly permissions: string[];
  /** As typed: blank means never. */
  readonly expiresInDays: string;
}

/** The key that the new one is to take the place of, and what the form begins with therefore. */
export interface Replacement {
  readonly id: string;
  readonly name: string;
  readonly values: CreateKeyValues;
  /** Permissions of the old key that its maker cannot give the new one. */
  readonly leftOut: readonly string[];
  /** To the key that took its place meanwhile. */
  readonly onShow: () => void;
}

export type CreateKeyFormApi = UseFormReturnType<CreateKeyValues>;

const DAY_MS = 24 * 60 * 60 * 1000;
// The last instant a Date can hold; beyond it there is no date to show.
const MAX_INSTANT_MS = 8.64e15;

/** The form's text as the number the schema judges; NaN for anything that is not digits, absent for blank. */
export function expiryDays(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  return /^\d+$/.test(trimmed) ? Number(trimmed) : Number.NaN;
}

/** When a key made `now` would expire: n × 24 hours on, whatever the clocks do in between. Null for never or nonsense. */
export function expiryDate(text: string, now: Date): Date | null {
  const days = expiryDays(text);
  if (days === undefined || Number.isNaN(days) || days < 1) return null;
  const instant = now.getTime() + days * DAY_MS;
  return instant > MAX_INSTANT_MS ? null : new Date(instant);
}

export function createKeyInput(
  teamId: string,
  { name, permissions, expiresInDays }: CreateKeyValues,
  replacesId?: string,
): CreateApiKeyInput {
  const days = expiryDays(expiresInDays);
  return {
    teamId,
    name,
    permissions,
    ...(days === undefined ? {} : { expiresInDays: days }),
    ...(replacesId === undefined ? {} : { replacesId }),
  };
}
