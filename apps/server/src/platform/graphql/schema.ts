// Every file that declares a type or a field; importing it is declaring it.
import "./scalars.graphql.ts";
import "./errors.graphql.ts";
import "../../modules/people/people.graphql.ts";
import "../../modules/teams/teams.graphql.ts";
import "../../modules/teams/team-mutations.graphql.ts";
import "../../modules/teams/team-security.graphql.ts";
import "../../modules/teams/permissions.graphql.ts";
import "../../modules/billing/plans.graphql.ts";
import "../../modules/billing/subscription.graphql.ts";
import "../../modules/api-keys/api-key-type.graphql.ts";
import "../../modules/api-keys/api-key-list.graphql.ts";
import "../../modules/api-keys/key-usage.graphql.ts";
import "../../modules/api-keys/permission-use.graphql.ts";
import "../../modules/api-keys/review.graphql.ts";
import "../../modules/api-keys/api-key-mutations.graphql.ts";
import "../../modules/members/members.graphql.ts";
import "../../modules/members/member-mutations.graphql.ts";
import "../../modules/invitations/invitations.graphql.ts";
import "../../modules/audit/audit-log.graphql.ts";
import "../../modules/activity/activity-log.graphql.ts";
import "../../modules/activity/refusal.graphql.ts";
import "../../modules/notifications/notifications.graphql.ts";
import "../../modules/notifications/notification-mutations.graphql.ts";
import "../../modules/backoffice/backoffice-teams.graphql.ts";
import "../../modules/backoffice/backoffice-people.graphql.ts";
import { GraphQLSchema } from "graphql";
import { builder } from "./builder.ts";

/**
 * Pothos takes any type called Subscription for the root of GraphQL's subscriptions. Ours is what a team pays for, and
 * there are no subscriptions here.
 */
function toSchema(options: { readonly disableScopeAuth?: boolean }): GraphQLSchema {
  return new GraphQLSchema({ ...builder.toSchema({ sortSchema: true, ...options }).toConfig(), subscription: null });
}

export const schema = toSchema({});

/**
 * The same without the question at every field of every row whether somebody is signed in. For requests of a session
 * only: it meets every scope that is declared, which a test sees to.
 */
export const signedInSchema = toSchema({ disableScopeAuth: true });
