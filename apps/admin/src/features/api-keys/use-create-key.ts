import { useApolloClient } from "@apollo/client/react";
import { useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { CreateApiKeyDocument, type CreateApiKeyMutation } from "../../generated/graphql.ts";
import { requestFailure, type RequestFailure } from "../../graphql/request-failure.ts";
import type { KeyObstacle } from "./key-allowance.ts";
import { createKeyInput, type CreateKeyFormApi, type CreateKeyValues } from "./create-key-input.ts";
import { fieldErrors } from "../../graphql/field-errors.ts";

export interface CreationFailure {
  readonly text: string;
  /** Set where the plan was in the way: the billing page says more. */
  readonly obstacle: KeyObstacle | null;
}

interface CreateKeyOptions {
  readonly teamId: string;
  readonly form: CreateKeyFormApi;
  readonly onCreated: (secret: string) => void;
}

/**
 * Sends the form once. The answer goes straight to `onCreated` and is kept neither in Apollo's cache (`no-cache`) nor in
 * a mutation hook's result, because it holds the secret.
 */
export function useCreateKey({ teamId, form, onCreated }: CreateKeyOptions) {
  const t = useTranslations("createKey");
  const tFailures = useTranslations("failures");
  const client = useApolloClient();
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<CreationFailure | null>(null);
  // A second Enter or click may come before the busy state is on screen.
  const isSubmitting = useRef(false);

  const say = (text: string | null) => setError(text === null ? null : { text, obstacle: null });

  function failureText(failure: RequestFailure): string {
    if (failure === "unavailable") return t("unavailable");
    if (failure === "unreachable" || failure === "unexpected") return t("unknownOutcome");
    return t("failed", { message: tFailures(failure) });
  }

  function refuse(result: RefusedCreation): void {
    if (result.__typename === "InvalidInputError") {
      const { byField, rest } = fieldErrors(result.fields, ["name", "permissions", "expiresInDays"]);
      form.setErrors(byField);
      say(rest);
    } else if (
      result.__typename === "PermissionMissingError" &&
      form.values.permissions.includes(result.requiredPermission)
    ) {
      form.setErrors({ permissions: t("missingPermission", { permission: result.requiredPermission }) });
    } else {
      setError({ text: t("failed", { message: result.message }), obstacle: obstacleIn(result) });
    }
  }

  async function create(values: CreateKeyValues): Promise<void> {
    if (isSubmitting.current) return;
    isSubmitting.current = true;
    setIsBusy(true);
    setError(null);
    try {
      const { data } = await client.mutate({
        mutation: CreateApiKeyDocument,
        variables: { input: createKeyInput(teamId, values) },
        fetchPolicy: "no-cache",
      });
      const result = data?.createApiKey;
      if (result === undefined) say(t("unknownOutcome"));
      else if (result.__typename !== "CreateApiKeyPayload") refuse(result);
      else if (result.key === null) say(t("noSecret"));
      else onCreated(result.key);
    } catch (cause) {
      say(failureText(requestFailure(cause)));
    } finally {
      isSubmitting.current = false;
      setIsBusy(false);
    }
  }
  return { create, isBusy, error };
}

/** Why the plan was in the way, if it was. */
function obstacleIn(result: RefusedCreation): KeyObstacle | null {
  if (result.__typename === "SubscriptionInactiveError") return { kind: "canceled" };
  if (result.__typename !== "KeyLimitReachedError") return null;
  return { kind: result.scope === "TEAM" ? "team" : "creator", active: result.active, limit: result.limit };
}

type RefusedCreation = Exclude<CreateApiKeyMutation["createApiKey"], { __typename: "CreateApiKeyPayload" }>;
