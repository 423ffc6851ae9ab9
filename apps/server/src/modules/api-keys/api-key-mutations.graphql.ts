import {
  ConflictError,
  InvalidInputError,
  KeyLimitReachedError,
  NotFoundError,
  PermissionMissingError,
  SubscriptionInactiveError,
} from "../../platform/domain-error.ts";
import { builder } from "../../platform/graphql/builder.ts";
import type { ApiKey } from "./api-key.ts";
import type { ApiKeyCreation } from "./api-key-creation.service.ts";
import { ApiKeyType } from "./api-key-type.graphql.ts";

const CreateApiKeyInput = builder.inputType("CreateApiKeyInput", {
  description: "A new key.",
  fields: (t) => ({
    teamId: t.id({ description: "In which team; the selected one unless told." }),
    name: t.string({ required: true, description: "What it is for: 1 to 64 characters, nothing invisible." }),
    permissions: t.stringList({
      required: true,
      description: "At least one; only what keys may hold and the viewer holds.",
    }),
    expiresInDays: t.int({ description: "1 to 3650; left out: never." }),
    replacesId: t.id({ description: "The key that this one is to replace." }),
    idempotencyKey: t.string({
      description:
        "1 to 255 visible ASCII characters of your choice. Who repeats the call with the same one within 24 hours makes no second key; with another input it is refused.",
    }),
  }),
});

const CreateApiKeyPayload = builder.objectRef<ApiKeyCreation>("CreateApiKeyPayload").implement({
  description: "The new key, and its secret for the only time.",
  authScopes: { session: true },
  fields: (t) => ({
    apiKey: t.expose("apiKey", { type: ApiKeyType, description: "The record." }),
    key: t.exposeString("secret", {
      nullable: true,
      description:
        "The secret. It is shown here and never again: do not cache it. Null when an earlier call with the same idempotencyKey made the key.",
    }),
  }),
});

const RenameApiKeyInput = builder.inputType("RenameApiKeyInput", {
  description: "A new name for a key.",
  fields: (t) => ({
    id: t.id({ required: true, description: "Which key." }),
    name: t.string({ required: true, description: "1 to 64 characters, nothing invisible." }),
  }),
});

const RevokeApiKeyInput = builder.inputType("RevokeApiKeyInput", {
  description: "A key to revoke.",
  fields: (t) => ({ id: t.id({ required: true, description: "Which key." }) }),
});

const RenameApiKeyPayload = payloadWithKey("RenameApiKeyPayload", "The renamed key.");
const RevokeApiKeyPayload = payloadWithKey(
  "RevokeApiKeyPayload",
  "The revoked key. No server process accepts it any more.",
);

function payloadWithKey(name: string, description: string) {
  return builder.objectRef<{ apiKey: ApiKey }>(name).implement({
    description,
    authScopes: { session: true },
    fields: (t) => ({ apiKey: t.expose("apiKey", { type: ApiKeyType, description: "The record." }) }),
  });
}

builder.mutationFields((t) => ({
  createApiKey: t.field({
    type: CreateApiKeyPayload,
    description: "Makes a key that acts as the viewer.",
    authScopes: { session: true },
    errors: {
      types: [
        InvalidInputError,
        PermissionMissingError,
        SubscriptionInactiveError,
        KeyLimitReachedError,
        NotFoundError,
        ConflictError,
      ],
      union: { name: "CreateApiKeyResult", description: "The new key, or why there is none." },
    },
    args: { input: t.arg({ type: CreateApiKeyInput, required: true, description: "What it is to be." }) },
    resolve: (_root, { input }, { services, requestContext }) => services.apiKeys.create(requestContext, { ...input }),
  }),
  renameApiKey: t.field({
    type: RenameApiKeyPayload,
    description: "Gives a key another name.",
    authScopes: { session: true },
    errors: {
      types: [InvalidInputError, PermissionMissingError, NotFoundError],
      union: { name: "RenameApiKeyResult", description: "The key, or why it kept its name." },
    },
    args: { input: t.arg({ type: RenameApiKeyInput, required: true, description: "Which key, and its name." }) },
    resolve: async (_root, { input }, { services, requestContext }) => ({
      apiKey: await services.apiKeys.rename(requestContext, { ...input }),
    }),
  }),
  revokeApiKey: t.field({
    type: RevokeApiKeyPayload,
    description: "Revokes a key for good. Once answered, no server process accepts it. Repeating it changes nothing.",
    authScopes: { session: true },
    errors: {
      types: [InvalidInputError, PermissionMissingError, NotFoundError],
      union: { name: "RevokeApiKeyResult", description: "The key, or why it was not revoked." },
    },
    args: { input: t.arg({ type: RevokeApiKeyInput, required: true, description: "Which key." }) },
    resolve: async (_root, { input }, { services, requestContext }) => ({
      apiKey: await services.apiKeys.revoke(requestContext, { ...input }),
    }),
  }),
}));
