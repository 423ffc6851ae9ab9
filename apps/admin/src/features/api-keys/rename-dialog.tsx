import type { FragmentType } from "@apollo/client";
import { useApolloClient, useFragment } from "@apollo/client/react";
import { Button, Group, Stack, TextInput } from "@mantine/core";
import { schemaResolver, useForm } from "@mantine/form";
import { renameApiKeyInput } from "@latchkey/types/inputs/api-keys";
import { useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { Dialog } from "../../components/dialog.tsx";
import { Notice } from "../../components/notice.tsx";
import { useNotify } from "../../components/use-notify.ts";
import {
  RenameApiKeyDocument,
  RenameDialog_ApiKeyFragmentDoc,
  type RenameDialog_ApiKeyFragment,
} from "../../generated/graphql.ts";
import { isOutcomeUnknown, requestFailure } from "../../graphql/request-failure.ts";
import { fieldErrors } from "../../graphql/field-errors.ts";

interface RenameDialogProps {
  readonly apiKey: FragmentType<RenameDialog_ApiKeyFragment>;
  readonly onClose: () => void;
}

export function RenameDialog({ apiKey, onClose }: RenameDialogProps) {
  const t = useTranslations("renameKey");
  const { data, complete } = useFragment({
    fragment: RenameDialog_ApiKeyFragmentDoc,
    fragmentName: "RenameDialog_apiKey",
    from: apiKey,
  });
  if (!complete) return null;
  return (
    <Dialog title={t("title")} onClose={onClose}>
      <RenameForm id={data.id} name={data.name} onClose={onClose} />
    </Dialog>
  );
}

interface RenameFormProps {
  readonly id: string;
  readonly name: string;
  readonly onClose: () => void;
}

function RenameForm({ id, name, onClose }: RenameFormProps) {
  const t = useTranslations("renameKey");
  const tApp = useTranslations("app");
  const tFailures = useTranslations("failures");
  const client = useApolloClient();
  const notify = useNotify();
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const isSubmitting = useRef(false);
  const form = useForm({
    initialValues: { id, name },
    validate: schemaResolver(renameApiKeyInput, { sync: true }),
  });

  async function submit(input: { id: string; name: string }) {
    if (isSubmitting.current) return;
    isSubmitting.current = true;
    setIsBusy(true);
    setError(null);
    try {
      const { data } = await client.mutate({ mutation: RenameApiKeyDocument, variables: { input } });
      const result = data?.renameApiKey;
      if (result?.__typename === "RenameApiKeyPayload") {
        notify(t("done", { name: result.apiKey.name }));
        onClose();
      } else if (result?.__typename === "InvalidInputError") {
        const { byField, rest } = fieldErrors(result.fields, ["name"]);
        form.setErrors(byField);
        setError(rest);
      } else {
        setError(t("failed", { message: result?.message ?? "" }));
      }
    } catch (cause) {
      const failure = requestFailure(cause);
      setError(isOutcomeUnknown(failure) ? t("unknownOutcome") : t("failed", { message: tFailures(failure) }));
    } finally {
      isSubmitting.current = false;
      setIsBusy(false);
    }
  }

  return (
    <form onSubmit={form.onSubmit(submit)} noValidate>
      <Stack gap="md">
        {error === null ? null : (
          <Notice tone="negative" role="alert">
            {error}
          </Notice>
        )}
        <TextInput label={t("name")} data-autofocus autoComplete="off" {...form.getInputProps("name")} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose} disabled={isBusy}>
            {tApp("cancel")}
          </Button>
          <Button type="submit" loading={isBusy}>
            {t("submit")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
