import { Group, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./account.module.css";

interface SectionProps {
  readonly title: string;
  readonly intro?: string;
  /** Beside the title: the state that the section is in. */
  readonly badge?: ReactNode;
  readonly children: ReactNode;
}

/** One matter of the account. */
export function Section({ title, intro, badge = null, children }: SectionProps) {
  return (
    <Stack component="section" className={classes.section} gap="sm" aria-label={title}>
      <div>
        <Group gap="xs">
          <Title order={2} size="h4">
            {title}
          </Title>
          {badge}
        </Group>
        {intro === undefined ? null : (
          <Text size="sm" c="dimmed" maw={640} mt={2}>
            {intro}
          </Text>
        )}
      </div>
      {children}
    </Stack>
  );
}
