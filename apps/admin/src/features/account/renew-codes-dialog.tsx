import type { Account } from "@latchkey/types/account";
import { Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { renewRecoveryCodes, type Proof } from "./account-requests.ts";
import { CodesDialog } from "./codes-dialog.tsx";
import { ProofForm } from "./proof-form.tsx";
import { useAccountAction } from "./use-account-action.ts";

interface RenewCodesDialogProps {
  readonly account: Account;
  readonly onClose: () => void;
}

export function RenewCodesDialog({ account, onClose }: RenewCodesDialogProps) {
  const t = useTranslations("recoveryCodes");
  const tApp = useTranslations("app");
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const { run, isBusy, error } = useAccountAction();
  const renew = async (proof: Proof) => setCodes((await run(() => renewRecoveryCodes(proof)))?.backupCodes ?? null);
  return (
    <CodesDialog
      title={t("newTitle")}
      codesTitle={t("title")}
      email={account.email}
      isBusy={isBusy}
      codes={codes}
      onClose={onClose}
    >
      <Stack gap="sm">
        <Text size="sm">{t("newIntro")}</Text>
        <ProofForm
          account={account}
          submit={t("make")}
          keep={tApp("cancel")}
          isBusy={isBusy}
          error={error}
          onKeep={onClose}
          onProof={(proof) => void renew(proof)}
        />
      </Stack>
    </CodesDialog>
  );
}
