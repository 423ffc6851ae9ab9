import { useTranslations } from "use-intl";
import type { RequestFailure } from "../graphql/request-failure.ts";
import { Notice } from "./notice.tsx";

/** The list on screen is the last one that arrived. */
export function StaleNotice({ failure }: { readonly failure: RequestFailure }) {
  const t = useTranslations("staleList");
  const message = failure === "unreachable" || failure === "unavailable" ? failure : "other";
  return (
    <Notice tone="warning" role="status">
      {t(message)}
    </Notice>
  );
}
