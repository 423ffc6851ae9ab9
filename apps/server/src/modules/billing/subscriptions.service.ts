import { isPlanName, isSubscriptionUsable, type PlanName } from "@latchkey/types/plans";
import type { Transaction } from "../../platform/database/database.ts";
import { SubscriptionInactiveError } from "../../platform/domain-error.ts";
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

    /**
     * The plan under which a key may be made. Holds the subscription's row until the transaction ends: whoever else makes
     * a key in the team, or changes its subscription, waits, and what is counted after this stays true until the commit.
     * @throws SubscriptionInactiveError where no key may be made
     */
    async lockUsable(transaction: Transaction, teamId: string): Promise<PlanName> {
      const subscription = await repository.lockSubscription(transaction, teamId);
      if (subscription === null || !isSubscriptionUsable(subscription.status) || !isPlanName(subscription.plan))
        throw new SubscriptionInactiveError();
      return subscription.plan;
    },
  };
}
