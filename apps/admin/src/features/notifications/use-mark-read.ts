import { useApolloClient } from "@apollo/client/react";
import { useTranslations } from "use-intl";
import { useNotify } from "../../components/use-notify.ts";
import {
  MarkAllNotificationsReadDocument,
  MarkNotificationReadDocument,
  NotificationBellDocument,
} from "../../generated/graphql.ts";
import { useChange } from "../../graphql/use-change.ts";

/** Marks one, or all until an instant, and counts anew what is left. */
export function useMarkRead() {
  const t = useTranslations("notifications");
  const client = useApolloClient();
  const notify = useNotify();
  const { change, isBusy, error } = useChange({
    unknownOutcome: t("unknownOutcome"),
    failed: (message) => t("markFailed", { message }),
  });
  const countAnew = () => client.refetchQueries({ include: [NotificationBellDocument] });

  const markOne = (id: string) =>
    change(async () => {
      const answer = await client.mutate({ mutation: MarkNotificationReadDocument, variables: { input: { id } } });
      const result = answer.data?.markNotificationRead;
      if (result?.__typename !== "MarkNotificationReadPayload") return result;
      void countAnew();
      return null;
    });

  const markAll = (upTo: string, onMarked: () => Promise<unknown>) =>
    change(async () => {
      const answer = await client.mutate({
        mutation: MarkAllNotificationsReadDocument,
        variables: { input: { upTo } },
      });
      const result = answer.data?.markAllNotificationsRead;
      if (result?.__typename !== "MarkAllNotificationsReadPayload") return result;
      await Promise.all([countAnew(), onMarked()]);
      notify(t("allMarked", { count: result.marked }));
      return null;
    });

  return { markOne, markAll, isBusy, error };
}
