import { Button, Group } from "@mantine/core";
import { useRouterState } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import type { SearchChange } from "./api-keys-search.ts";

interface ApiKeysPagerProps {
  readonly after: string | null;
  readonly nextCursor: string | null;
  readonly onSearch: SearchChange;
}

/** Cursors only go forward; the way back is kept in the history's state, so that it survives a reload. */
export function ApiKeysPager({ after, nextCursor, onSearch }: ApiKeysPagerProps) {
  const t = useTranslations("apiKeysTable");
  const earlier = useRouterState({ select: (state) => state.location.state.earlierCursors ?? [] });
  if (after === null && nextCursor === null) return null;
  const previous = earlier.at(-1) ?? null;
  return (
    <Group component="nav" aria-label={t("pages")} gap="xs">
      {after === null || previous === null ? null : (
        <Button variant="default" size="compact-md" onClick={() => onSearch({ after: undefined })}>
          {t("firstPage")}
        </Button>
      )}
      <Button
        variant="default"
        size="compact-md"
        disabled={after === null}
        onClick={() => onSearch({ after: previous ?? undefined }, earlier.slice(0, -1))}
      >
        {previous === null && earlier.length === 0 && after !== null ? t("firstPage") : t("previous")}
      </Button>
      <Button
        variant="default"
        size="compact-md"
        disabled={nextCursor === null}
        onClick={() => onSearch({ after: nextCursor ?? undefined }, [...earlier, after])}
      >
        {t("next")}
      </Button>
    </Group>
  );
}
