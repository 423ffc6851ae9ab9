import type { Account } from "@latchkey/types/account";
import { DisableDialog } from "./disable-dialog.tsx";
import { EndOthersDialog } from "./end-others-dialog.tsx";
import { PasswordDialog } from "./password-dialog.tsx";
import { RenewCodesDialog } from "./renew-codes-dialog.tsx";
import { SetUpDialog } from "./set-up-dialog.tsx";

export type AccountDialog = "set-up" | "renew-codes" | "disable" | "password" | "end-others";

interface OpenAccountDialogProps {
  readonly dialog: AccountDialog;
  readonly account: Account;
  /** How many sessions there are besides this one. */
  readonly otherSessions: number;
  readonly onClose: () => void;
}

export function OpenAccountDialog({ dialog, account, otherSessions, onClose }: OpenAccountDialogProps) {
  switch (dialog) {
    case "set-up":
      return <SetUpDialog account={account} onClose={onClose} />;
    case "renew-codes":
      return <RenewCodesDialog account={account} onClose={onClose} />;
    case "disable":
      return <DisableDialog account={account} onClose={onClose} />;
    case "password":
      return <PasswordDialog email={account.email} onClose={onClose} />;
    case "end-others":
      return <EndOthersDialog count={otherSessions} onClose={onClose} />;
  }
}
