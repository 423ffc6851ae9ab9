import { Button, Text, VisuallyHidden } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useRef } from "react";
import { useTranslations } from "use-intl";
import classes from "./copy-field.module.css";
import { useCopy } from "./use-copy.ts";

interface CopyFieldProps {
  readonly label: string;
  /** Shown for the only time: nothing here may outlive the component. */
  readonly text: string;
}

/** A text to take along, with *Copy* beside it. */
export function CopyField({ label, text }: CopyFieldProps) {
  const t = useTranslations("copyField");
  const field = useRef<HTMLDivElement>(null);
  const { outcome, copy } = useCopy();
  return (
    <div>
      <div className={classes.row}>
        <div
          ref={field}
          className={classes.text}
          role="textbox"
          aria-readonly="true"
          aria-label={label}
          tabIndex={0}
          spellCheck={false}
        >
          {text}
        </div>
        <Button
          // The form that had the focus is gone by now: without this a keyboard would have to start over.
          autoFocus
          miw={112}
          leftSection={
            outcome === "copied" ? (
              <IconCheck size={16} aria-hidden="true" />
            ) : (
              <IconCopy size={16} aria-hidden="true" />
            )
          }
          onClick={() => void copy(text, field.current)}
        >
          {outcome === "copied" ? t("copied") : t("copy")}
        </Button>
      </div>
      <div role="status">
        {outcome === "copied" ? <VisuallyHidden>{t("announcement")}</VisuallyHidden> : null}
        {outcome === "by-hand" ? (
          <Text size="sm" mt={6}>
            {t("byHand")}
          </Text>
        ) : null}
      </div>
    </div>
  );
}
