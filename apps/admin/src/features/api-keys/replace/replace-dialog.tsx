import { useQuery } from "@apollo/client/react";
import { Button, Group, Skeleton, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Dialog } from "../../../components/dialog.tsx";
import { FailurePanel } from "../../../components/failure-panel.tsx";
import { ReplaceDialogDocument, type ReplaceDialogQuery } from "../../../generated/graphql.ts";
import { requestFailure } from "../../../graphql/request-failure.ts";
import { CreateDialog } from "../create-dialog.tsx";
import type { Replacement } from "../create-key-input.ts";
import { replacementValues } from "./replacement-values.ts";

interface ReplaceDialogProps {
  readonly teamId: string;
  /** Of the key to replace. */
  readonly id: string;
  /** Whether a key was made. */
  readonly onClose: (isMade: boolean) => void;
  /** To the old key and the one that replaces it, side by side. */
  readonly onShow: () => void;
}

/** Asks what the old key is, and opens the dialog for a new one with that filled in. */
export function ReplaceDialog({ teamId, id, onClose, onShow }: ReplaceDialogProps) {
  const { data, error, refetch } = useQuery(ReplaceDialogDocument, {
    variables: { teamId, id },
    // What it may do, and whether it was replaced meanwhile.
    fetchPolicy: "network-only",
    nextFetchPolicy: "cache-first",
  });
  if (data === undefined) {
    return (
      <Waiting onClose={() => onClose(false)}>
        {error === undefined ? (
          <Skeleton height={320} radius="sm" />
        ) : (
          <FailurePanel failure={requestFailure(error)} onRetry={() => void refetch().catch(() => undefined)} />
        )}
      </Waiting>
    );
  }
  return <Prefilled data={data} teamId={teamId} onClose={onClose} onShow={onShow} />;
}

interface PrefilledProps extends Pick<ReplaceDialogProps, "teamId" | "onClose" | "onShow"> {
  readonly data: ReplaceDialogQuery;
}

function Prefilled({ data, teamId, onClose, onShow }: PrefilledProps) {
  const t = useTranslations("replaceKey");
  // What the form begins with; what arrives later must not change what somebody has typed.
  const [{ apiKey, replacement }] = useState(() => ({ apiKey: data.apiKey, replacement: replacementOf(data) }));
  const leave = () => onClose(false);
  if (apiKey === null || replacement === null) return <Waiting onClose={leave}>{t("notFound")}</Waiting>;
  if (apiKey.replacedBy !== null) {
    return (
      <Waiting onClose={leave}>
        <Stack gap="md">
          <Text size="sm">{t("already", { name: apiKey.name, replacement: apiKey.replacedBy.name })}</Text>
          <Group justify="flex-end">
            <Button onClick={onShow} data-autofocus>
              {t("show")}
            </Button>
          </Group>
        </Stack>
      </Waiting>
    );
  }
  return <CreateDialog teamId={teamId} replacement={{ ...replacement, onShow }} onClose={onClose} />;
}

function Waiting({ onClose, children }: { readonly onClose: () => void; readonly children: React.ReactNode }) {
  const t = useTranslations("replaceKey");
  return (
    <Dialog title={t("title")} onClose={onClose} size={640} isCentered={false}>
      {children}
    </Dialog>
  );
}

function replacementOf({ apiKey, permissions }: ReplaceDialogQuery): Omit<Replacement, "onShow"> | null {
  if (apiKey === null) return null;
  const grantable = new Set(permissions.filter((permission) => permission.grantable).map(({ name }) => name));
  const { id, name } = apiKey;
  return { id, name, ...replacementValues(apiKey, grantable, new Date()) };
}
