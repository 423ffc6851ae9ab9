import type { FieldError } from "@latchkey/types/error-codes";
import type { KeyLimitScope } from "@latchkey/types/plans";
import {
  ConflictError,
  DomainError,
  InvalidInputError,
  KeyLimitReachedError,
  NotFoundError,
  PermissionMissingError,
  SubscriptionInactiveError,
} from "../domain-error.ts";
import { builder, type GraphQLContext } from "./builder.ts";

// Expected failures as members of result unions. Every one implements Error, so that a client that does not know a new
// kind of failure can still show its message.

const ErrorInterface = builder.interfaceRef<DomainError>("Error").implement({
  description: "A failure that a caller is meant to meet.",
  fields: (t) => ({
    code: t.exposeString("code", { description: "Stable, lower-case, the same in all doors; see docs/errors.md." }),
    message: t.exposeString("message", { description: "One sentence for people, saying what to do." }),
  }),
});

const FieldErrorType = builder.objectRef<FieldError>("FieldError").implement({
  description: "What is wrong with one field of an input.",
  authScopes: { session: true },
  fields: (t) => ({
    path: t.stringList({
      description: "Where in the input: names and list positions.",
      resolve: ({ path }) => path.map(String),
    }),
    message: t.exposeString("message", { description: "What is wrong with it." }),
  }),
});

builder.objectType(InvalidInputError, {
  name: "InvalidInputError",
  description: "The input was refused; nothing has changed.",
  interfaces: [ErrorInterface],
  authScopes: { session: true },
  fields: (t) => ({
    fields: t.field({
      type: [FieldErrorType],
      description: "Every problem, each with its place.",
      resolve: ({ fields }) => [...fields],
    }),
  }),
});

builder.objectType(PermissionMissingError, {
  name: "PermissionMissingError",
  description: "The viewer's role in the team does not include what this needs.",
  interfaces: [ErrorInterface],
  authScopes: { session: true },
  fields: (t) => ({
    requiredPermission: t.exposeString("requiredPermission", { description: "The permission that would be needed." }),
  }),
});

const billingUrlOf = (_error: unknown, _arguments: unknown, { services }: GraphQLContext) =>
  services.billing.billingUrl;
const supportUrlOf = (_error: unknown, _arguments: unknown, { services }: GraphQLContext) =>
  services.billing.supportUrl;
const BILLING_URL = "The page that shows the plan, and what is used of it.";
const SUPPORT_URL = "Where to ask for another plan: a page or a mailto address; null: nobody has said.";

builder.objectType(SubscriptionInactiveError, {
  name: "SubscriptionInactiveError",
  description: "The team's subscription is canceled, so keys can neither be made nor used.",
  interfaces: [ErrorInterface],
  authScopes: { session: true },
  fields: (t) => ({
    billingUrl: t.string({ description: BILLING_URL, resolve: billingUrlOf }),
    supportUrl: t.string({ nullable: true, description: SUPPORT_URL, resolve: supportUrlOf }),
  }),
});

const KeyLimitScopeEnum = builder.enumType("KeyLimitScope", {
  description: "Of whom a plan limits the active keys.",
  values: {
    TEAM: { value: "team", description: "Of all people in the team together." },
    CREATOR: { value: "creator", description: "Of the person who makes them, in this team." },
  } as const satisfies Record<Uppercase<KeyLimitScope>, { value: KeyLimitScope; description: string }>,
});

builder.objectType(KeyLimitReachedError, {
  name: "KeyLimitReachedError",
  description: "The plan leaves no room for another active key.",
  interfaces: [ErrorInterface],
  authScopes: { session: true },
  fields: (t) => ({
    scope: t.expose("scope", {
      type: KeyLimitScopeEnum,
      description: "Whose limit it is; the team's where both are reached.",
    }),
    limit: t.exposeInt("limit", { description: "How many active keys the plan allows." }),
    active: t.exposeInt("active", {
      description: "How many there are; after a downgrade it can be more than the limit.",
    }),
    billingUrl: t.string({ description: BILLING_URL, resolve: billingUrlOf }),
    supportUrl: t.string({ nullable: true, description: SUPPORT_URL, resolve: supportUrlOf }),
  }),
});

builder.objectType(NotFoundError, {
  name: "NotFoundError",
  description: "It does not exist, or the viewer may not see it.",
  interfaces: [ErrorInterface],
  authScopes: { session: true },
});

builder.objectType(ConflictError, {
  name: "ConflictError",
  description: "The present state does not allow it; the code says why.",
  interfaces: [ErrorInterface],
  authScopes: { session: true },
});
