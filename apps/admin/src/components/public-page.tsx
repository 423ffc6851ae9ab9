import { Paper, Stack, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { Brand } from "./brand.tsx";
import classes from "./public-page.module.css";

interface PublicPageProps {
  readonly heading: string;
  readonly children: ReactNode;
}

/** The frame of pages for people who are not signed in: one card in the middle. */
export function PublicPage({ heading, children }: PublicPageProps) {
  const t = useTranslations("app");
  return (
    <main className={classes.page}>
      <Stack className={classes.column} gap="lg">
        <Brand name={t("name")} />
        <Paper className={classes.card} p={{ base: "lg", xs: "xl" }}>
          <Stack gap="md">
            <Title order={1} size="h3">
              {heading}
            </Title>
            {children}
          </Stack>
        </Paper>
      </Stack>
    </main>
  );
}
