import { Button, Group } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { Notice } from "./notice.tsx";

interface GraveFooterProps {
  readonly keep: string;
  readonly submit: string;
  readonly isBusy: boolean;
  /** What it needs first is not there yet. */
  readonly isDisabled?: boolean;
  /** The safe answer still has the focus, but nothing ends by the other one. */
  readonly isHarmless?: boolean;
  readonly error: string | null;
  /** Whether the last attempt may have worked after all. */
  readonly isUnknown: boolean;
  readonly onKeep: () => void;
  readonly onSubmit: () => void;
  /** Actions beside it. */
  readonly children?: ReactNode;
}

/** The end of a dialog about something that cannot be undone: the safe answer has the focus. */
export function GraveFooter(props: GraveFooterProps) {
  const tApp = useTranslations("app");
  return (
    <>
      {props.error === null ? null : (
        <Notice tone="negative" role="alert">
          {props.error}
        </Notice>
      )}
      <Group justify="flex-end" gap="sm">
        {props.children}
        {/* autoFocus: it may take the place of another question, whose focus is gone. */}
        <Button variant="default" onClick={props.onKeep} disabled={props.isBusy} autoFocus data-autofocus>
          {props.keep}
        </Button>
        <Button
          {...(props.isHarmless === true ? {} : { color: "red.9" })}
          loading={props.isBusy}
          disabled={props.isDisabled === true}
          onClick={props.onSubmit}
        >
          {props.isUnknown ? tApp("tryAgain") : props.submit}
        </Button>
      </Group>
    </>
  );
}
