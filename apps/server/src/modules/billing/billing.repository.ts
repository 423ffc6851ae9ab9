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
    findSubscription: (teamId: string, client: Database | Transaction = database) =>
      client.subscription.findUnique({ where: { teamId } }),

    insertSubscription: (transaction: Transaction, subscription: NewSubscription) =>
      transaction.subscription.create({ data: subscription }),
  };
}
