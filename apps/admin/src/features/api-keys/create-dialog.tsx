import { useMediaQuery } from "@mantine/hooks";
import { useBlocker } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Dialog } from "../../components/dialog.tsx";
import { CreateKeyForm } from "./create-key-form.tsx";
import type { Replacement } from "./create-key-input.ts";
import { KeyReveal } from "./key-reveal.tsx";

interface CreateDialogProps {
  readonly teamId: string;
  readonly replacement?: Replacement;
  /** Whether a key was made. */
  readonly onClose: (isMade: boolean) => void;
}

/**
 * Makes a key, then shows its secret for the only time. The secret lives in this component's state and nowhere else:
 * whoever opens the dialog must mount it, and unmount it to close, so that nothing of it outlives the dialog. For the
 * same reason no component above this one may receive the secret, not even inside `children`: React keeps the last
 * props of what stays mounted.
 */
export function CreateDialog({ teamId, replacement, onClose }: CreateDialogProps) {
  const t = useTranslations("createKey");
  const tReveal = useTranslations("keyReveal");
  const [secret, setSecret] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const [isDirty, setIsDirty] = useState(false);
  const [isAskingToClose, setIsAskingToClose] = useState(false);
  const isNarrow = useMediaQuery("(max-width: 36em)", false, { getInitialValueInEffect: false });
  const isSecretShown = secret !== null;
  useBlocker({
    disabled: !isSecretShown && !isBusy,
    // Closing or reloading the tab asks in the browser's own words; the back button in ours.
    enableBeforeUnload: true,
    shouldBlockFn: () => {
      setIsAskingToClose(isSecretShown);
      return true;
    },
  });

  const close = () => {
    if (isSecretShown) setIsAskingToClose(true);
    else if (!isBusy) onClose(false);
  };
  return (
    <Dialog
      title={isSecretShown ? tReveal("title") : t(replacement === undefined ? "title" : "replaceTitle")}
      onClose={close}
      kind={isSecretShown ? "secret" : "unsaved"}
      size={640}
      isFullScreen={isNarrow}
      isCentered={false}
      hasCloseButton={!isSecretShown}
      closesOnClickOutside={isSecretShown || !isDirty}
    >
      {secret === null ? (
        <CreateKeyForm
          teamId={teamId}
          replacement={replacement}
          onBusy={setIsBusy}
          onDirty={setIsDirty}
          onCancel={close}
          onCreated={setSecret}
        />
      ) : (
        <KeyReveal
          secret={secret}
          isAskingToClose={isAskingToClose}
          onAsk={() => setIsAskingToClose(true)}
          onBack={() => setIsAskingToClose(false)}
          onClose={() => onClose(true)}
        />
      )}
    </Dialog>
  );
}
