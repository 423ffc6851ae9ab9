import { Tooltip } from "@mantine/core";
import type { ReactElement } from "react";

interface HintProps {
  readonly label: string;
  /** One element that takes focus and a ref. */
  readonly children: ReactElement;
}

/** A tooltip that also opens by keyboard and touch. */
export function Hint({ label, children }: HintProps) {
  return (
    <Tooltip
      label={label}
      events={{ hover: true, focus: true, touch: true }}
      multiline
      maw={320}
      withArrow
      openDelay={150}
    >
      {children}
    </Tooltip>
  );
}
