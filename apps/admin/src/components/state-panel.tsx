import { Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./state-panel.module.css";

interface StatePanelProps {
  readonly icon?: ReactNode;
  readonly title: string;
  /** It is the whole page: its title is the page's heading. */
  readonly isPage?: boolean;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}

/** What stands where content would be: nothing yet, nothing found, not allowed, not reachable. */
export function StatePanel({ icon, title, isPage = false, children, action }: StatePanelProps) {
  return (
    <Stack className={classes.panel} align="center" gap="sm">
      {icon === undefined ? null : (
        <div className={classes.icon} aria-hidden="true">
          {icon}
        </div>
      )}
      <Title order={isPage ? 1 : 2} size="h4" ta="center">
        {title}
      </Title>
      <Text component="div" c="dimmed" size="sm" ta="center" maw={520}>
        {children}
      </Text>
      {action}
    </Stack>
  );
}
