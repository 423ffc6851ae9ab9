import { useApolloClient } from "@apollo/client/react";
import { Button, Group, Stack, TextInput } from "@mantine/core";
import { schemaResolver, useForm } from "@mantine/form";
import { createTeamInput } from "@latchkey/types/inputs/teams";
import { useNavigate } from "@tanstack/react-router";
import { useRef } from "react";
import { useTranslations } from "use-intl";
import { Notice } from "../../components/notice.tsx";
import { PageHeading } from "../../components/page-heading.tsx";
import { useNotify } from "../../components/use-notify.ts";
import { CreateTeamDocument } from "../../generated/graphql.ts";
import { fieldErrors } from "../../graphql/field-errors.ts";
import { useChange } from "../../graphql/use-change.ts";
import { useTeamEntry } from "../../session/team-entry.ts";
import { useDocumentTitle } from "../../session/use-document-title.ts";

/** A team of one's own: also for somebody who is in none yet. */
export function CreateTeamPage() {
  const t = useTranslations("createTeam");
  const heading = useRef<HTMLHeadingElement>(null);
  useDocumentTitle(t("title"));
  return (
    <Stack gap="lg" maw={560}>
      <Group>
        <PageHeading title={t("title")} intro={t("intro")} headingRef={heading} />
      </Group>
      <CreateTeamForm />
    </Stack>
  );
}

function CreateTeamForm() {
  const t = useTranslations("createTeam");
  const tApp = useTranslations("app");
  const navigate = useNavigate();
  const { create, form, isBusy, error } = useCreateTeam();
  return (
    <form onSubmit={form.onSubmit(create)} noValidate>
      <Stack gap="md">
        {error === null ? null : (
          <Notice tone="negative" role="alert">
            {error}
          </Notice>
        )}
        <TextInput
          label={t("name")}
          description={t("nameHelp")}
          autoComplete="organization"
          autoFocus
          {...form.getInputProps("name")}
        />
        <Group gap="sm">
          <Button type="submit" loading={isBusy}>
            {t("submit")}
          </Button>
          <Button
            variant="default"
            disabled={isBusy}
            onClick={() => void navigate({ to: "/settings/team/api-keys", search: {} })}
          >
            {tApp("cancel")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function useCreateTeam() {
  const t = useTranslations("createTeam");
  const client = useApolloClient();
  const notify = useNotify();
  const { enterTeam } = useTeamEntry();
  const form = useForm({ initialValues: { name: "" }, validate: schemaResolver(createTeamInput, { sync: true }) });
  const { change, isBusy, error } = useChange({
    unknownOutcome: t("unknownOutcome"),
    failed: (message) => t("failed", { message }),
  });

  const create = ({ name }: { name: string }) =>
    void change(async () => {
      const { data } = await client.mutate({
        mutation: CreateTeamDocument,
        variables: { input: { name } },
        fetchPolicy: "no-cache",
      });
      const result = data?.createTeam;
      if (result?.__typename === "CreateTeamPayload") {
        notify(t("done", { team: result.team.name }));
        await enterTeam(result.team.id);
        return null;
      }
      if (result?.__typename !== "InvalidInputError") return result;
      const { byField, rest } = fieldErrors(result.fields, ["name"]);
      form.setErrors(byField);
      return rest === null ? null : { message: rest };
    });
  return { create, form, isBusy, error };
}
