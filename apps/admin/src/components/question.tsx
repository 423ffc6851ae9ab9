import { Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { useQuestionInFront } from "../session/open-dialogs.ts";

interface QuestionProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Something the frame of the page has to say while a dialog is open: in front of it, which stays as it is. */
export function Question({ title, onClose, children }: QuestionProps) {
  const t = useTranslations("app");
  useQuestionInFront();
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ "aria-label": t("close") }} zIndex={300} centered>
      {children}
    </Modal>
  );
}
