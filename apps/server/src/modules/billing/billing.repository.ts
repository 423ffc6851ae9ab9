import type { PlanName } from "@latchkey/types/plans";
import type { Database, Transaction } from "../../platform/database/database.ts";

export type BillingRepository = ReturnType<typeof createBillingRepository>;

export function createBillingRepository(database: Database) {
  return {
    findSubscription: (teamId: string, client: Database | Transaction = database) =>
      client.subscription.findUnique({ where: { teamId } }),

    insertSubscription: (transaction: Transaction, subscription: { teamId: string; plan: PlanName; status: string }) =>
      transaction.subscription.create({ data: { ...subscription, currentPeriodStart: new Date() } }),
  };
}
