import { Button, Group } from "@mantine/core";
import { useRouterState } from "@tanstack/react-router";
import { useTranslations } from "use-intl";

interface PagerProps {
  readonly after: string | null;
  readonly nextCursor: string | null;
  /** `earlierCursors` are those of the pages before the one it leads to. */
  readonly onPage: (after: string | undefined, earlierCursors: readonly (string | null)[]) => void;
}

/** Cursors only go forward; the way back is kept in the history's state, so that it survives a reload. */
export function Pager({ after, nextCursor, onPage }: PagerProps) {
  const t = useTranslations("pager");
  const earlier = useRouterState({ select: (state) => state.location.state.earlierCursors ?? [] });
  if (after === null && nextCursor === null) return null;
  const previous = earlier.at(-1) ?? null;
  return (
    <Group component="nav" aria-label={t("pages")} gap="xs">
      {after === null || previous === null ? null : (
        <Button variant="default" size="compact-md" onClick={() => onPage(undefined, [])}>
          {t("firstPage")}
        </Button>
      )}
      <Button
        variant="default"
        size="compact-md"
        disabled={after === null}
        onClick={() => onPage(previous ?? undefined, earlier.slice(0, -1))}
      >
        {previous === null && earlier.length === 0 && after !== null ? t("firstPage") : t("previous")}
      </Button>
      <Button
        variant="default"
        size="compact-md"
        disabled={nextCursor === null}
        onClick={() => onPage(nextCursor ?? undefined, [...earlier, after])}
      >
        {t("next")}
      </Button>
    </Group>
  );
}
