import { Button, Loader, Stack } from "@mantine/core";
import { useEffect, useEffectEvent } from "react";
import { useTranslations } from "use-intl";
import { Notice } from "../../components/notice.tsx";

interface StartWithoutPasswordProps {
  readonly error: string | null;
  readonly onStart: () => void;
}

/** Nothing to ask for: whoever signs in with a provider has no password here. */
export function StartWithoutPassword({ error, onStart }: StartWithoutPasswordProps) {
  const tApp = useTranslations("app");
  const start = useEffectEvent(onStart);
  useEffect(() => start(), []);
  if (error === null) return <Loader size="sm" aria-label={tApp("loading")} role="status" />;
  return (
    <Stack gap="md" align="flex-start">
      <Notice tone="negative" role="alert">
        {error}
      </Notice>
      <Button variant="default" onClick={onStart}>
        {tApp("tryAgain")}
      </Button>
    </Stack>
  );
}
