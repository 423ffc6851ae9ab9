import { Button } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useTranslations } from "use-intl";
import type { RequestFailure } from "../graphql/request-failure.ts";
import { StatePanel } from "./state-panel.tsx";

interface FailurePanelProps {
  readonly failure: RequestFailure;
  readonly onRetry: () => void;
  readonly isPage?: boolean;
}

/** Stands where content would be that could not be loaded, and offers to try again. */
export function FailurePanel({ failure, onRetry, isPage = false }: FailurePanelProps) {
  const t = useTranslations("failures");
  const tApp = useTranslations("app");
  return (
    <div role="alert">
      <StatePanel
        icon={<IconPlugConnectedX size={24} />}
        title={t("title")}
        isPage={isPage}
        action={
          <Button variant="default" onClick={onRetry}>
            {tApp("tryAgain")}
          </Button>
        }
      >
        {t(failure)}
      </StatePanel>
    </div>
  );
}
