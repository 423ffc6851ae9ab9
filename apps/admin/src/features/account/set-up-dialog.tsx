import type { Account } from "@latchkey/types/account";
import { Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { useNotify } from "../../components/use-notify.ts";
import { beginSecondFactor, type NewSecondFactor } from "./account-requests.ts";
import { CodesDialog } from "./codes-dialog.tsx";
import { ConfirmAuthenticator } from "./confirm-authenticator.tsx";
import { ProofForm } from "./proof-form.tsx";
import { StartWithoutPassword } from "./start-without-password.tsx";
import { useAccountAction } from "./use-account-action.ts";

interface SetUpDialogProps {
  readonly account: Account;
  readonly onClose: () => void;
}

/** Password, authenticator, recovery codes. Until a code was confirmed nothing is on, and closing leaves all as it was. */
export function SetUpDialog({ account, onClose }: SetUpDialogProps) {
  const t = useTranslations("setUp");
  const tCodes = useTranslations("recoveryCodes");
  const notify = useNotify();
  const [begun, setBegun] = useState<NewSecondFactor | null>(null);
  const [isOn, setIsOn] = useState(false);
  const { run, isBusy, error } = useAccountAction();
  const begin = async (password: string | null) => setBegun(await run(() => beginSecondFactor(password)));
  // Said when the codes are gone: on a narrow screen it would stand in front of them.
  const close = () => {
    if (isOn) notify(t("done"));
    onClose();
  };
  return (
    <CodesDialog
      title={t("title")}
      codesTitle={tCodes("title")}
      email={account.email}
      isBusy={isBusy}
      codes={isOn && begun !== null ? begun.backupCodes : null}
      onClose={close}
    >
      {begun === null ? (
        <Begin account={account} isBusy={isBusy} error={error} onKeep={onClose} onBegin={begin} />
      ) : (
        <ConfirmAuthenticator uri={begun.totpURI} onKeep={onClose} onConfirmed={() => setIsOn(true)} />
      )}
    </CodesDialog>
  );
}

interface BeginProps {
  readonly account: Account;
  readonly isBusy: boolean;
  readonly error: string | null;
  readonly onKeep: () => void;
  readonly onBegin: (password: string | null) => Promise<void>;
}

function Begin({ account, isBusy, error, onKeep, onBegin }: BeginProps) {
  const t = useTranslations("setUp");
  const tApp = useTranslations("app");
  if (!account.hasPassword) return <StartWithoutPassword error={error} onStart={() => void onBegin(null)} />;
  return (
    <Stack gap="sm">
      <Text size="sm">{t("passwordIntro")}</Text>
      <ProofForm
        account={account}
        submit={t("next")}
        keep={tApp("cancel")}
        isBusy={isBusy}
        error={error}
        onKeep={onKeep}
        onProof={(proof) => void onBegin("password" in proof ? proof.password : null)}
      />
    </Stack>
  );
}
