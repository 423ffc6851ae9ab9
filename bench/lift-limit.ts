import { signIn, type Session } from "../e2e/client.ts";
import type { Product } from "../e2e/product.ts";

/** The most that the backoffice gives a team. The limiter decides every call, and refuses none. */
const REQUESTS_PER_MINUTE = 1_000_000;

/** Lets the team of this person send as much as is measured, as a super admin would: through the backoffice. */
export async function liftLimit(product: Product, ownerEmail: string): Promise<void> {
  const owner = await signIn(product, ownerEmail);
  const admin = await signIn(product, "super@latchkey.example");
  const change = "mutation ($input: SetTeamSubscriptionInput!) { setTeamSubscription(input: $input) { __typename } }";
  const input = { teamId: await teamOf(owner), requestsPerMinute: REQUESTS_PER_MINUTE };
  const { body } = await admin.graphql(change, { input });
  const outcome = JSON.stringify(body);
  if (!outcome.includes("SetTeamSubscriptionPayload")) throw new Error(`Lifting the limit answered ${outcome}`);
}

async function teamOf(person: Session): Promise<string> {
  const { body } = await person.graphql("{ viewer { team { id } } }");
  return (body as { data: { viewer: { team: { id: string } } } }).data.viewer.team.id;
}
