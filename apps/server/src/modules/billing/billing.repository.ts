import type { PlanName } from "@latchkey/types/plans";
import type { Database, Transaction } from "../../platform/database/database.ts";

export type BillingRepository = ReturnType<typeof createBillingRepository>;

interface StoredSubscription {
  readonly plan: string;
  readonly status: string;
  readonly requestsPerMinute: number | null;
}

interface SubscriptionFields {
  readonly plan: PlanName;
  readonly status: string;
  readonly requestsPerMinute: number | null;
}

interface NewSubscription {
  readonly teamId: string;
  readonly plan: PlanName;
  readonly status: string;
  readonly requestsPerMinute?: number | null;
  readonly currentPeriodStart: Date;
}

export function createBillingRepository(database: Database) {
  return {
    findSubscription: (teamId: string) => database.subscription.findUnique({ where: { teamId } }),

    /** What is read in the same transaction after this sees all that earlier holders of the lock have committed. */
    async lockSubscription(transaction: Transaction, teamId: string): Promise<StoredSubscription | null> {
      const [row] = await transaction.$queryRaw<StoredSubscription[]>`
        SELECT plan, status, requests_per_minute AS "requestsPerMinute" FROM subscription WHERE team_id = ${teamId} FOR UPDATE`;
      return row ?? null;
    },

    /** The caller holds the lock. */
    async updateSubscription(transaction: Transaction, teamId: string, change: SubscriptionFields): Promise<void> {
      await transaction.subscription.update({ where: { teamId }, data: change, select: { teamId: true } });
    },

    insertSubscription: (transaction: Transaction, subscription: NewSubscription) =>
      transaction.subscription.create({ data: subscription }),
  };
}
