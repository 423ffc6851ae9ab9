import { useApolloClient } from "@apollo/client/react";
import { useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { CreateApiKeyDocument, type CreateApiKeyMutation } from "../../generated/graphql.ts";
import { requestFailure, type RequestFailure } from "../../graphql/request-failure.ts";
import { createKeyInput, type CreateKeyFormApi, type CreateKeyValues } from "./create-key-input.ts";
import { fieldErrors } from "../../graphql/field-errors.ts";

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
  const [error, setError] = useState<string | null>(null);
  // A second Enter or click may come before the busy state is on screen.
  const isSubmitting = useRef(false);

  function failureText(failure: RequestFailure): string {
    if (failure === "unavailable") return t("unavailable");
    if (failure === "unreachable" || failure === "unexpected") return t("unknownOutcome");
    return t("failed", { message: tFailures(failure) });
  }

  function refuse(result: RefusedCreation): void {
    if (result.__typename === "InvalidInputError") {
      const { byField, rest } = fieldErrors(result.fields, ["name", "permissions", "expiresInDays"]);
      form.setErrors(byField);
      setError(rest);
    } else if (
      result.__typename === "PermissionMissingError" &&
      form.values.permissions.includes(result.requiredPermission)
    ) {
      form.setErrors({ permissions: t("missingPermission", { permission: result.requiredPermission }) });
    } else {
      setError(t("failed", { message: result.message }));
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
      if (result === undefined) setError(t("unknownOutcome"));
      else if (result.__typename !== "CreateApiKeyPayload") refuse(result);
      else if (result.key === null) setError(t("noSecret"));
      else onCreated(result.key);
    } catch (cause) {
      setError(failureText(requestFailure(cause)));
    } finally {
      isSubmitting.current = false;
      setIsBusy(false);
    }
  }
  return { create, isBusy, error };
}

type RefusedCreation = Exclude<CreateApiKeyMutation["createApiKey"], { __typename: "CreateApiKeyPayload" }>;
