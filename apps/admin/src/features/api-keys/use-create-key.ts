import { useApolloClient } from "@apollo/client/react";
import { useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { CreateApiKeyDocument } from "../../generated/graphql.ts";
import { fieldErrors } from "../../graphql/field-errors.ts";
import { isOutcomeUnknown } from "../../graphql/request-failure.ts";
import { createKeyInput, type CreateKeyFormApi, type CreateKeyValues } from "./create-key-input.ts";
import { createOnce, type CreationOutcome, type LostKey, type RefusedCreation } from "./create-once.ts";
import type { KeyObstacle } from "./key-allowance.ts";
import { revokeLostKey } from "./revoke-lost-key.ts";

export interface CreationFailure {
  readonly text: string;
  /** Set where the plan was in the way: the billing page says more. */
  readonly obstacle: KeyObstacle | null;
  /** Another key has taken the old one's place meanwhile. */
  readonly isReplaced: boolean;
}

interface CreateKeyOptions {
  readonly teamId: string;
  readonly form: CreateKeyFormApi;
  /** Of the key whose place the new one takes. */
  readonly replacesId: string | undefined;
  readonly onCreated: (secret: string) => void;
}

/**
 * Sends the form until one key is made. The answer goes straight to `onCreated` and is kept neither in Apollo's cache
 * (`no-cache`) nor in a mutation hook's result, because it holds the secret.
 */
export function useCreateKey({ teamId, form, replacesId, onCreated }: CreateKeyOptions) {
  const t = useTranslations("createKey");
  const tRevoke = useTranslations("revokeKey");
  const tFailures = useTranslations("failures");
  const client = useApolloClient();
  const [once] = useState(() =>
    createOnce(async (input) => {
      const mutation = { mutation: CreateApiKeyDocument, variables: { input }, fetchPolicy: "no-cache" } as const;
      return (await client.mutate(mutation)).data?.createApiKey;
    }),
  );
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<CreationFailure | null>(null);
  const [isUnknown, setIsUnknown] = useState(false);
  const [lost, setLost] = useState<LostKey | null>(null);
  // A second Enter or click may come before the busy state is on screen.
  const isSubmitting = useRef(false);

  const say = (text: string | null) => setError(text === null ? null : { text, obstacle: null, isReplaced: false });

  function failureText({ failure, isUnknown: isInDoubt }: FailedCreation): string {
    if (failure === "unavailable") return t("unavailable");
    if (isOutcomeUnknown(failure)) return t("unknownOutcome");
    return t(isInDoubt ? "stillUnknown" : "failed", { message: tFailures(failure) });
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
      setError({
        text: t("failed", { message: result.message }),
        obstacle: obstacleIn(result),
        isReplaced: result.code === "already_replaced",
      });
    }
  }

  function settle(outcome: CreationOutcome): void {
    setLost(outcome.kind === "lost" ? outcome.apiKey : null);
    setIsUnknown(outcome.kind === "failed" && outcome.isUnknown);
    if (outcome.kind === "created") onCreated(outcome.secret);
    else if (outcome.kind === "refused") refuse(outcome.refusal);
    else if (outcome.kind === "failed") say(failureText(outcome));
  }

  async function whileBusy(task: () => Promise<void>): Promise<void> {
    if (isSubmitting.current) return;
    isSubmitting.current = true;
    setIsBusy(true);
    setError(null);
    try {
      await task();
    } finally {
      isSubmitting.current = false;
      setIsBusy(false);
    }
  }

  const create = (values: CreateKeyValues) =>
    whileBusy(async () => settle(await once.create(createKeyInput(teamId, values, replacesId))));

  /** Revokes the key whose secret is lost, and only then makes another. */
  const replace = ({ id }: LostKey) =>
    whileBusy(async () => {
      const problem = await revokeLostKey(client, id);
      if (problem === null) {
        once.startAnew();
        settle(await once.create(createKeyInput(teamId, form.getValues(), replacesId)));
      } else if ("failure" in problem && isOutcomeUnknown(problem.failure)) {
        setIsUnknown(true);
        say(tRevoke("unknownOutcome"));
      } else {
        setIsUnknown(false);
        say(tRevoke("failed", { message: "failure" in problem ? tFailures(problem.failure) : problem.message }));
      }
    });
  return { create, replace, lost, isBusy, error, isUnknown };
}

/** Why the plan was in the way, if it was. */
function obstacleIn(result: RefusedCreation): KeyObstacle | null {
  if (result.__typename === "SubscriptionInactiveError") return { kind: "canceled" };
  if (result.__typename !== "KeyLimitReachedError") return null;
  return { kind: result.scope === "TEAM" ? "team" : "creator", active: result.active, limit: result.limit };
}

type FailedCreation = Extract<CreationOutcome, { kind: "failed" }>;
