import { useQuery } from "@apollo/client/react";
import { Center, Loader } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslations } from "use-intl";
import { FailurePanel } from "../../components/failure-panel.tsx";
import { PublicPage } from "../../components/public-page.tsx";
import { AcceptInvitationPageDocument } from "../../generated/graphql.ts";
import { requestFailure } from "../../graphql/request-failure.ts";
import { useDocumentTitle } from "../../session/use-document-title.ts";
import { AcceptForm } from "./accept-form.tsx";
import { SignedOutInvitation } from "./signed-out-invitation.tsx";

const route = getRouteApi("/accept-invitation/$token");

/** Where an invitation's link leads. Whether it opens anything shows only when the right person accepts it. */
export function AcceptInvitationPage() {
  const t = useTranslations("acceptInvitation");
  const tApp = useTranslations("app");
  const { token } = route.useParams();
  useDocumentTitle(t("title"));
  const { data, error, refetch } = useQuery(AcceptInvitationPageDocument, { fetchPolicy: "network-only" });
  if (data === undefined) {
    if (error !== undefined) {
      return (
        <PublicPage heading={t("heading")}>
          <FailurePanel failure={requestFailure(error)} onRetry={() => void refetch().catch(() => undefined)} />
        </PublicPage>
      );
    }
    return (
      <Center component="main" mih="100dvh">
        <Loader aria-label={tApp("loading")} role="status" />
      </Center>
    );
  }
  return (
    <PublicPage heading={t("heading")}>
      {data.viewer === null ? (
        <SignedOutInvitation token={token} onSignedIn={() => void refetch().catch(() => undefined)} />
      ) : (
        <AcceptForm token={token} email={data.viewer.user.email ?? data.viewer.user.name} />
      )}
    </PublicPage>
  );
}
