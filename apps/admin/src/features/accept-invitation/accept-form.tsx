import { useApolloClient } from "@apollo/client/react";
import { Anchor, Button, Stack, Text } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Notice } from "../../components/notice.tsx";
import { useNotify } from "../../components/use-notify.ts";
import { AcceptInvitationDocument } from "../../generated/graphql.ts";
import { useChange } from "../../graphql/use-change.ts";
import { signOut } from "../../session/auth-requests.ts";

interface AcceptFormProps {
  readonly token: string;
  /** Who is signed in. */
  readonly email: string;
}

/** One click for the invited; for everybody else what they can do. */
export function AcceptForm({ token, email }: AcceptFormProps) {
  const t = useTranslations("acceptInvitation");
  const { accept, isBusy, error, isInvalid } = useAccept(token);
  return (
    <Stack gap="md">
      {isInvalid ? (
        <Notice tone="negative" role="alert" title={t("invalidTitle", { email })}>
          {t("invalid")}
        </Notice>
      ) : (
        <Text size="sm">{t.rich("signedInAs", { email, b: (chunks) => <b>{chunks}</b> })}</Text>
      )}
      {error === null ? null : (
        <Notice tone="negative" role="alert">
          {error}
        </Notice>
      )}
      {isInvalid ? null : (
        <Button fullWidth loading={isBusy} onClick={accept}>
          {t("submit")}
        </Button>
      )}
      <OtherAccount token={token} isDisabled={isBusy} />
      {isInvalid ? (
        <Anchor component={Link} to="/settings/team/api-keys" size="sm">
          {t("toApiKeys")}
        </Anchor>
      ) : null}
    </Stack>
  );
}

/** Signs out here and comes back to the invitation after signing in as somebody else. */
function OtherAccount({ token, isDisabled }: { readonly token: string; readonly isDisabled: boolean }) {
  const t = useTranslations("acceptInvitation");
  const tShell = useTranslations("shell");
  const client = useApolloClient();
  const notify = useNotify();
  const navigate = useNavigate();
  async function changeAccount(): Promise<void> {
    const outcome = await signOut();
    if (!outcome.ok && outcome.failure !== "unauthenticated") return notify(tShell("signOutFailed"), "negative");
    await navigate({ to: "/sign-in", search: { next: `/accept-invitation/${encodeURIComponent(token)}` } });
    await client.clearStore();
  }
  return (
    <Button variant="default" fullWidth disabled={isDisabled} onClick={() => void changeAccount()}>
      {t("otherAccount")}
    </Button>
  );
}

function useAccept(token: string) {
  const t = useTranslations("acceptInvitation");
  const tRoles = useTranslations("roles");
  const client = useApolloClient();
  const notify = useNotify();
  const navigate = useNavigate();
  const [isInvalid, setIsInvalid] = useState(false);
  const { change, ...state } = useChange({
    unknownOutcome: t("unknownOutcome"),
    failed: (message) => t("failed", { message }),
  });
  const accept = () =>
    void change(async () => {
      const { data } = await client.mutate({
        mutation: AcceptInvitationDocument,
        variables: { input: { id: token } },
        fetchPolicy: "no-cache",
      });
      const result = data?.acceptInvitation;
      if (result?.__typename === "AcceptInvitationPayload") {
        const { team, viewer } = result;
        // The team is selected now: whatever is cached belongs to another one.
        await client.clearStore();
        await navigate({ to: "/settings/team/api-keys", search: {}, replace: true });
        notify(t("done", { team: team.name, role: viewer.role === null ? "" : tRoles(viewer.role) }));
        return null;
      }
      if (result?.__typename !== "ConflictError" || result.code !== "invitation_invalid") return result;
      setIsInvalid(true);
      return null;
    });
  return { accept, isInvalid, ...state };
}
