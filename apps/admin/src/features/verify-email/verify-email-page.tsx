import { Anchor, Button, Stack, Text } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { MailedLinkForm } from "../../components/mailed-link-form.tsx";
import { Notice } from "../../components/notice.tsx";
import { PublicPage } from "../../components/public-page.tsx";
import type { RequestFailure } from "../../graphql/request-failure.ts";
import { confirmAddress, requestConfirmation } from "../../session/mailed-links.ts";
import { useDocumentTitle } from "../../session/use-document-title.ts";
import { useSetup } from "../../session/use-setup.ts";

const route = getRouteApi("/verify-email");

/**
 * Where the link of a confirmation leads. Opening it confirms nothing: mail scanners open every link, and would vouch
 * for an address that a stranger signed up with.
 */
export function VerifyEmailPage() {
  const t = useTranslations("verifyEmail");
  const { token } = route.useSearch();
  const [state, setState] = useState<"open" | "done" | "invalid">(token === undefined ? "invalid" : "open");
  useDocumentTitle(t("title"));
  return (
    <PublicPage heading={t("heading")}>
      {state === "open" && token !== undefined ? (
        <ConfirmButton token={token} onDone={() => setState("done")} onInvalid={() => setState("invalid")} />
      ) : null}
      {state === "done" ? <Confirmed /> : null}
      {state === "invalid" ? <NewLink isAfterLink={token !== undefined} /> : null}
    </PublicPage>
  );
}

interface ConfirmButtonProps {
  readonly token: string;
  readonly onDone: () => void;
  readonly onInvalid: () => void;
}

function ConfirmButton({ token, onDone, onInvalid }: ConfirmButtonProps) {
  const t = useTranslations("verifyEmail");
  const tFailures = useTranslations("failures");
  const [failure, setFailure] = useState<RequestFailure | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const isSubmitting = useRef(false);

  async function submit(): Promise<void> {
    if (isSubmitting.current) return;
    isSubmitting.current = true;
    setIsBusy(true);
    setFailure(null);
    const outcome = await confirmAddress(token);
    isSubmitting.current = false;
    setIsBusy(false);
    if (outcome.ok) onDone();
    else if (outcome.failure === "unauthenticated" || outcome.code === "invalid_input") onInvalid();
    else setFailure(outcome.failure);
  }

  return (
    <Stack gap="md">
      <Text size="sm">{t("intro")}</Text>
      {failure === null ? null : (
        <Notice tone="negative" role="alert">
          {tFailures(failure)}
        </Notice>
      )}
      <Button fullWidth loading={isBusy} onClick={() => void submit()}>
        {t("submit")}
      </Button>
    </Stack>
  );
}

function Confirmed() {
  const t = useTranslations("verifyEmail");
  const tLink = useTranslations("mailedLink");
  return (
    <Stack gap="sm">
      <div role="status">
        <Text size="sm" fw={600}>
          {t("done")}
        </Text>
        <Text size="sm">{t("doneHint")}</Text>
      </div>
      <Anchor component={Link} to="/sign-in" size="sm" autoFocus>
        {tLink("toSignIn")}
      </Anchor>
    </Stack>
  );
}

function NewLink({ isAfterLink }: { readonly isAfterLink: boolean }) {
  const t = useTranslations("verifyEmail");
  const tLink = useTranslations("mailedLink");
  const { mail } = useSetup();
  return (
    <Stack gap="md">
      {isAfterLink ? (
        <Notice tone="negative" role="alert">
          {t("invalid")}
        </Notice>
      ) : null}
      {mail === "none" ? (
        <Text size="sm">{t("noMail")}</Text>
      ) : (
        <MailedLinkForm
          intro={t("again")}
          submit={t("send")}
          request={requestConfirmation}
          sent={(email) => (
            <>
              <Text size="sm">{t.rich("sent", { email, b: (chunks) => <b>{chunks}</b> })}</Text>
              {mail === "printed" ? (
                <Text size="sm" c="dimmed">
                  {tLink("printed")}
                </Text>
              ) : null}
            </>
          )}
        />
      )}
    </Stack>
  );
}
