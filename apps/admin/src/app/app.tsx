import { ApolloProvider } from "@apollo/client/react";
import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { RouterProvider } from "@tanstack/react-router";
import { IntlProvider } from "use-intl";
import { createApolloClient } from "../graphql/apollo-client.ts";
import { openDialogKind } from "../session/open-dialogs.ts";
import { announceRefusal } from "../session/refusals.ts";
import { en } from "./messages/en.ts";
import { router } from "./router.tsx";
import { colorSchemeManager, cssVariablesResolver, theme } from "./theme.ts";

const client = createApolloClient({ onUnauthenticated: leaveForSignIn, onRefused: announceRefusal });
const timeZone = new Intl.DateTimeFormat().resolvedOptions().timeZone;

export function App() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariablesResolver}
      colorSchemeManager={colorSchemeManager}
      defaultColorScheme="auto"
    >
      <IntlProvider locale="en" messages={en} timeZone={timeZone}>
        <ApolloProvider client={client}>
          <Notifications position="bottom-right" limit={3} />
          <RouterProvider router={router} />
        </ApolloProvider>
      </IntlProvider>
    </MantineProvider>
  );
}

/** The session has ended, here or in another tab. A key on show is the only copy: it stays until its dialog closes. */
function leaveForSignIn(): void {
  const { pathname, href } = router.state.location;
  if (pathname === "/sign-in" || openDialogKind() === "secret") return;
  void router.navigate({ to: "/sign-in", search: { next: href, notice: "session-ended" }, replace: true });
}
