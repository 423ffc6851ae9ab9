import { isPlanName, isSubscriptionUsable, type PlanName } from "@latchkey/types/plans";
import type { SubscriptionChange } from "@latchkey/types/inputs/backoffice";
import type { Transaction } from "../../platform/database/database.ts";
import { InvalidInputError, SubscriptionInactiveError } from "../../platform/domain-error.ts";
import type { BillingRepository } from "./billing.repository.ts";

export type SubscriptionsService = ReturnType<typeof createSubscriptionsService>;

interface SubscriptionToStart {
  readonly teamId: string;
  readonly plan: PlanName;
  readonly status: string;
  readonly startsAt: Date;
}

interface LockedSubscription {
  readonly plan: string;
  readonly status: string;
}

/** As the audit log tells it. */
interface SubscriptionTerms {
  readonly plan: string;
  readonly status: string;
  readonly requestsPerMinute: number | null;
}

interface ChangedSubscription {
  /** Null: there was none. */
  readonly before: SubscriptionTerms | null;
  readonly after: SubscriptionTerms;
}

/** What other modules need of a team's subscription inside their own transactions. */
export function createSubscriptionsService(repository: BillingRepository) {
  return {
    /** Every team has one from the moment it is made. */
    async start(transaction: Transaction, { startsAt, ...subscription }: SubscriptionToStart): Promise<void> {
      await repository.insertSubscription(transaction, { ...subscription, currentPeriodStart: startsAt });
    },

    /** Only the backoffice changes one, and decides who may. Null when all was so already. */
    async change(
      transaction: Transaction,
      teamId: string,
      change: SubscriptionChange,
      at: Date,
    ): Promise<ChangedSubscription | null> {
      const before = await repository.lockSubscription(transaction, teamId);
      const plan = change.plan ?? before?.plan;
      const status = change.status ?? before?.status;
      if (plan === undefined || status === undefined || !isPlanName(plan)) throw isIncomplete(change);
      const requestsPerMinute =
        change.requestsPerMinute === undefined ? (before?.requestsPerMinute ?? null) : change.requestsPerMinute;
      const after = { plan, status, requestsPerMinute };
      if (before === null) {
        await repository.insertSubscription(transaction, { teamId, ...after, currentPeriodStart: at });
      } else {
        if (before.plan === plan && before.status === status && before.requestsPerMinute === requestsPerMinute)
          return null;
        await repository.updateSubscription(transaction, teamId, after);
      }
      return { before, after };
    },

    /**
     * Holds the subscription's row until the transaction ends: whoever else makes a key in the team, or changes its
     * subscription, waits, and what is read after this stays true until the commit.
     */
    lock: (transaction: Transaction, teamId: string): Promise<LockedSubscription | null> =>
      repository.lockSubscription(transaction, teamId),
  };
}

/**
 * The plan under which a key may be made.
 * @throws SubscriptionInactiveError where no key may be made
 */
export function usablePlan(subscription: LockedSubscription | null): PlanName {
  if (subscription === null || !isSubscriptionUsable(subscription.status) || !isPlanName(subscription.plan))
    throw new SubscriptionInactiveError();
  return subscription.plan;
}

/** A team without a subscription gets one only whole. */
function isIncomplete({ plan, status }: SubscriptionChange): InvalidInputError {
  const missing = [...(plan === undefined ? ["plan"] : []), ...(status === undefined ? ["status"] : [])];
  const message = "The team has no subscription yet: give it a plan and a status.";
  return new InvalidInputError(missing.map((field) => ({ path: [field], message })));
}
