import type { FieldError } from "@latchkey/types/error-codes";
import {
  ConflictError,
  DomainError,
  InvalidInputError,
  NotFoundError,
  PermissionMissingError,
  SubscriptionInactiveError,
} from "../domain-error.ts";
import { builder } from "./builder.ts";

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

builder.objectType(SubscriptionInactiveError, {
  name: "SubscriptionInactiveError",
  description: "The team's subscription does not cover keys.",
  interfaces: [ErrorInterface],
  authScopes: { session: true },
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
