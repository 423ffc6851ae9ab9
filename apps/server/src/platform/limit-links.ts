import type { DomainError } from "./domain-error.ts";

/** Where whoever meets a limit of the plan can go. */
export interface LimitLinks {
  readonly billingUrl: string;
  /** Left out where the operator has named no address (SUPPORT_URL). */
  readonly supportUrl?: string;
}

interface Addresses {
  readonly publicUrl: string;
  readonly supportUrl: string | null;
}

export function limitLinks({ publicUrl, supportUrl }: Addresses): LimitLinks {
  return { billingUrl: billingUrl(publicUrl), ...(supportUrl === null ? {} : { supportUrl }) };
}

export function billingUrl(publicUrl: string): string {
  return `${publicUrl}/settings/team/billing`;
}

/** Whether another plan, or a renewed one, would be the way on. Only rates that a plan sets carry their limit. */
export function isPlanLimit({ code, details }: Pick<DomainError, "code" | "details">): boolean {
  if (code === "rate_limited") return details.limit !== undefined;
  return code === "key_limit_reached" || code === "subscription_inactive";
}
