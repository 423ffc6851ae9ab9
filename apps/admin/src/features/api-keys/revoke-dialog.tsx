import type { FragmentType } from "@apollo/client";
import { useApolloClient, useFragment } from "@apollo/client/react";
import { Button, Group, Stack, Text } from "@mantine/core";
import { useRef, useState } from "react";
import { useFormatter, useNow, useTranslations } from "use-intl";
import { Dialog } from "../../components/dialog.tsx";
import { Notice } from "../../components/notice.tsx";
import { useNotify } from "../../components/use-notify.ts";
import {
  RevokeApiKeyDocument,
  RevokeDialog_ApiKeyFragmentDoc,
  type RevokeDialog_ApiKeyFragment,
} from "../../generated/graphql.ts";
import { isOutcomeUnknown, requestFailure } from "../../graphql/request-failure.ts";

interface RevokeDialogProps {
  readonly apiKey: FragmentType<RevokeDialog_ApiKeyFragment>;
  readonly onClose: () => void;
}

/** Names the key and its last use before ending it for good. */
export function RevokeDialog({ apiKey, onClose }: RevokeDialogProps) {
  const t = useTranslations("revokeKey");
  const tApp = useTranslations("app");
  const { data, complete } = useFragment({
    fragment: RevokeDialog_ApiKeyFragmentDoc,
    fragmentName: "RevokeDialog_apiKey",
    from: apiKey,
  });
  const { revoke, isBusy, error, isUnknown } = useRevoke(onClose);
  if (!complete) return null;
  const close = () => {
    if (!isBusy) onClose();
  };
  return (
    <Dialog title={t("title")} onClose={close}>
      <Stack gap="md">
        <KeyInQuestion data={data} />
        <Text size="sm">{t("warning")}</Text>
        {error === null ? null : (
          <Notice tone="negative" role="alert">
            {error}
          </Notice>
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={close} disabled={isBusy} data-autofocus>
            {tApp("cancel")}
          </Button>
          <Button color="red.9" loading={isBusy} onClick={() => void revoke(data.id, data.name)}>
            {isUnknown ? tApp("tryAgain") : t("submit")}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

function KeyInQuestion({ data }: { readonly data: RevokeDialog_ApiKeyFragment }) {
  const t = useTranslations("revokeKey");
  const format = useFormatter();
  const now = useNow({ updateInterval: 10_000 });
  const { name, prefix, lastUsed, lastUsedIp } = data;
  const rich = { name, prefix, b: (chunks: React.ReactNode) => <bdi style={{ fontWeight: 600 }}>{chunks}</bdi> };
  if (lastUsed === null) return <Text size="sm">{t.rich("neverUsed", rich)}</Text>;
  const when = format.relativeTime(new Date(lastUsed), now);
  return (
    <Text size="sm">
      {lastUsedIp === null
        ? t.rich("lastUsed", { ...rich, when })
        : t.rich("lastUsedFrom", { ...rich, when, address: lastUsedIp })}
    </Text>
  );
}

/** A revocation counts as done only when the server said so; anything less is said, and can be repeated without harm. */
function useRevoke(onDone: () => void) {
  const t = useTranslations("revokeKey");
  const tFailures = useTranslations("failures");
  const client = useApolloClient();
  const notify = useNotify();
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [isUnknown, setIsUnknown] = useState(false);
  const isSubmitting = useRef(false);

  async function revoke(id: string, name: string) {
    if (isSubmitting.current) return;
    isSubmitting.current = true;
    setIsBusy(true);
    try {
      const { data } = await client.mutate({ mutation: RevokeApiKeyDocument, variables: { input: { id } } });
      const result = data?.revokeApiKey;
      if (result?.__typename === "RevokeApiKeyPayload") {
        notify(t("done", { name }));
        onDone();
        return;
      }
      setIsUnknown(false);
      setError(t("failed", { message: result?.message ?? "" }));
    } catch (cause) {
      const failure = requestFailure(cause);
      setIsUnknown(isOutcomeUnknown(failure));
      setError(isOutcomeUnknown(failure) ? t("unknownOutcome") : t("failed", { message: tFailures(failure) }));
    } finally {
      isSubmitting.current = false;
      setIsBusy(false);
    }
  }
  return { revoke, isBusy, error, isUnknown };
}
