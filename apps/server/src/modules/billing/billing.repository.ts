import type { PlanName } from "@latchkey/types/plans";
import type { Database, Transaction } from "../../platform/database/database.ts";

export type BillingRepository = ReturnType<typeof createBillingRepository>;

interface NewSubscription {
  readonly teamId: string;
  readonly plan: PlanName;
  readonly status: string;
  readonly currentPeriodStart: Date;
}

export function createBillingRepository(database: Database) {
  return {
    findSubscription: (teamId: string) => database.subscription.findUnique({ where: { teamId } }),

    /** What is read in the same transaction after this sees all that earlier holders of the lock have committed. */
    async lockSubscription(
      transaction: Transaction,
      teamId: string,
    ): Promise<{ readonly plan: string; readonly status: string } | null> {
      const [row] = await transaction.$queryRaw<{ plan: string; status: string }[]>`
        SELECT plan, status FROM subscription WHERE team_id = ${teamId} FOR UPDATE`;
      return row ?? null;
    },

    insertSubscription: (transaction: Transaction, subscription: NewSubscription) =>
      transaction.subscription.create({ data: subscription }),
  };
}
