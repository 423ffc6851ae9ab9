import type { Account } from "@latchkey/types/account";
import { Stack, Text } from "@mantine/core";
import { useTranslations } from "use-intl";
import { Dialog } from "../../components/dialog.tsx";
import { useNotify } from "../../components/use-notify.ts";
import { disableSecondFactor, type Proof } from "./account-requests.ts";
import { ProofForm } from "./proof-form.tsx";
import { useAccountAction } from "./use-account-action.ts";

interface DisableDialogProps {
  readonly account: Account;
  readonly onClose: () => void;
}

export function DisableDialog({ account, onClose }: DisableDialogProps) {
  const t = useTranslations("disableSecondFactor");
  const notify = useNotify();
  const { run, isBusy, error } = useAccountAction();
  async function disable(proof: Proof): Promise<void> {
    if ((await run(() => disableSecondFactor(proof))) === null) return;
    notify(t("done"));
    onClose();
  }
  return (
    <Dialog title={t("title")} onClose={() => (isBusy ? undefined : onClose())}>
      <Stack gap="sm">
        <Text size="sm">{t(account.hasPassword ? "intro" : "introProvider")}</Text>
        <ProofForm
          account={account}
          submit={t("submit")}
          keep={t("keep")}
          color="red.9"
          isBusy={isBusy}
          error={error}
          onKeep={onClose}
          onProof={(proof) => void disable(proof)}
        />
      </Stack>
    </Dialog>
  );
}
