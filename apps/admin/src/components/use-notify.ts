import { notifications } from "@mantine/notifications";
import { useTranslations } from "use-intl";

/** Says in passing, also to screen readers, what has happened. Never give it a secret: it outlives what it is about. */
export function useNotify(): (message: string, tone?: "info" | "negative") => void {
  const t = useTranslations("app");
  return (message, tone = "info") => {
    notifications.show({
      message,
      role: "status",
      autoClose: 6_000,
      ...(tone === "negative" ? { color: "red" } : {}),
      closeButtonProps: { "aria-label": t("close") },
    });
  };
}
