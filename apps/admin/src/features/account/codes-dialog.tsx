import { useBlocker } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { Dialog } from "../../components/dialog.tsx";
import { RecoveryCodes } from "./recovery-codes.tsx";

interface CodesDialogProps {
  readonly title: string;
  readonly codesTitle: string;
  readonly email: string;
  readonly isBusy: boolean;
  readonly codes: readonly string[] | null;
  readonly onClose: () => void;
  /** What leads to the codes. */
  readonly children: ReactNode;
}

/**
 * A dialog that ends in recovery codes, shown for the only time: it does not close by accident from then on. They live in
 * the state of whoever mounts this to open it and unmounts it to close.
 */
export function CodesDialog({ title, codesTitle, email, isBusy, codes, onClose, children }: CodesDialogProps) {
  const [isReminded, setIsReminded] = useState(false);
  const areShown = codes !== null;
  useBlocker({
    disabled: !areShown,
    enableBeforeUnload: true,
    shouldBlockFn: () => {
      setIsReminded(true);
      return true;
    },
  });
  const leave = () => {
    if (areShown) setIsReminded(true);
    else if (!isBusy) onClose();
  };
  return (
    <Dialog
      title={areShown ? codesTitle : title}
      onClose={leave}
      kind={areShown ? "secret" : "unsaved"}
      size={480}
      hasCloseButton={!areShown}
      closesOnClickOutside={false}
    >
      {areShown ? <RecoveryCodes codes={codes} email={email} isReminded={isReminded} onClose={onClose} /> : children}
    </Dialog>
  );
}
