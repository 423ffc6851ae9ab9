import { Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { useIsBehindQuestion, useOpenDialog, type DialogKind } from "../session/open-dialogs.ts";

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly kind?: DialogKind;
  readonly size?: number;
  readonly isFullScreen?: boolean;
  readonly isCentered?: boolean;
  readonly hasCloseButton?: boolean;
  readonly closesOnClickOutside?: boolean;
  readonly children: ReactNode;
}

/**
 * A dialog of a page, which mounts it to open and unmounts it to close, and puts the focus back itself. The rest of the
 * page knows that it is open, and asks before it would go.
 */
export function Dialog({
  title,
  onClose,
  kind = "unsaved",
  size = 440,
  isFullScreen = false,
  isCentered = true,
  hasCloseButton = true,
  closesOnClickOutside = true,
  children,
}: DialogProps) {
  const tApp = useTranslations("app");
  useOpenDialog(kind);
  // Mantine closes every open modal on Escape, not the topmost alone.
  const isBehind = useIsBehindQuestion();
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size={size}
      fullScreen={isFullScreen}
      centered={isCentered}
      withCloseButton={hasCloseButton}
      closeButtonProps={{ "aria-label": tApp("close") }}
      closeOnEscape={!isBehind}
      closeOnClickOutside={closesOnClickOutside}
      returnFocus={false}
      transitionProps={{ duration: 0 }}
    >
      {children}
    </Modal>
  );
}
