import { isSubscriptionUsable, type PlanName } from "@latchkey/types/plans";
import type { Transaction } from "../../platform/database/database.ts";
import type { BillingRepository } from "./billing.repository.ts";

export type SubscriptionsService = ReturnType<typeof createSubscriptionsService>;

interface SubscriptionToStart {
  readonly teamId: string;
  readonly plan: PlanName;
  readonly status: string;
  readonly startsAt: Date;
}

/** What other modules need of a team's subscription inside their own transactions. */
export function createSubscriptionsService(repository: BillingRepository) {
  return {
    /** Every team has one from the moment it is made. */
    async start(transaction: Transaction, { startsAt, ...subscription }: SubscriptionToStart): Promise<void> {
      await repository.insertSubscription(transaction, { ...subscription, currentPeriodStart: startsAt });
    },

    /** Whether keys may be made and used now. */
    async isUsable(transaction: Transaction, teamId: string): Promise<boolean> {
      const subscription = await repository.findSubscription(teamId, transaction);
      return isSubscriptionUsable(subscription?.status ?? null);
    },
  };
}
