import type { FragmentType } from "@apollo/client";
import { useApolloClient, useFragment } from "@apollo/client/react";
import { Button, Group, NativeSelect, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { MAX_REQUESTS_PER_MINUTE } from "@latchkey/types/inputs/backoffice";
import { useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { Dialog } from "../../components/dialog.tsx";
import { Notice } from "../../components/notice.tsx";
import { useNotify } from "../../components/use-notify.ts";
import {
  EditTeamDialog_TeamFragmentDoc,
  SetTeamSubscriptionDocument,
  type EditTeamDialog_TeamFragment,
  type PlanName,
  type SubscriptionStatus,
} from "../../generated/graphql.ts";
import { useChange } from "../../graphql/use-change.ts";
import { changeOf, isRateValid, limitsOf, type SubscriptionValues } from "./subscription-form.ts";

const PLAN_NAMES = ["STARTER", "GROWTH", "SCALE", "ENTERPRISE"] as const satisfies readonly PlanName[];
const STATUSES = ["TRIALING", "ACTIVE", "PAST_DUE", "CANCELED"] as const satisfies readonly SubscriptionStatus[];

interface EditTeamDialogProps {
  readonly team: FragmentType<EditTeamDialog_TeamFragment>;
  readonly onClose: () => void;
}

export function EditTeamDialog({ team, onClose }: EditTeamDialogProps) {
  const t = useTranslations("editTeam");
  const { data, complete } = useFragment({
    fragment: EditTeamDialog_TeamFragmentDoc,
    fragmentName: "EditTeamDialog_team",
    from: team,
  });
  const [isBusy, setIsBusy] = useState(false);
  if (!complete || data.backoffice === null) return null;
  const { plan, status, requestsPerMinute, activeKeys } = data.backoffice;
  const values = {
    plan: plan ?? "",
    status,
    rate: requestsPerMinute === null ? "" : String(requestsPerMinute),
  } as const;
  return (
    <Dialog title={t("title", { team: data.name })} onClose={() => (isBusy ? undefined : onClose())}>
      <EditTeamForm team={data} before={values} activeKeys={activeKeys} onBusy={setIsBusy} onClose={onClose} />
    </Dialog>
  );
}

interface EditTeamFormProps {
  readonly team: EditTeamDialog_TeamFragment;
  readonly before: SubscriptionValues;
  readonly activeKeys: number;
  readonly onBusy: (isBusy: boolean) => void;
  readonly onClose: () => void;
}

function EditTeamForm({ team, before, activeKeys, onBusy, onClose }: EditTeamFormProps) {
  const t = useTranslations("editTeam");
  const tApp = useTranslations("app");
  const tPlans = useTranslations("plans");
  const tStatus = useTranslations("subscriptionStatus");
  const format = useFormatter();
  const { form, save, isBusy, error } = useEditTeam(team, before, onBusy, onClose);
  const { plan, status } = form.values;
  const planRate = limitsOf(plan)?.requestsPerMinute;
  return (
    <form onSubmit={form.onSubmit((values) => void save(values))} noValidate autoComplete="off">
      <Stack gap="md">
        <NativeSelect
          label={t("plan")}
          data-autofocus
          data={[
            ...(before.plan === "" ? [{ value: "", label: t("noPlan") }] : []),
            ...PLAN_NAMES.map((name) => ({ value: name, label: tPlans(name) })),
          ]}
          {...form.getInputProps("plan")}
        />
        <NativeSelect
          label={t("status")}
          data={STATUSES.map((name) => ({ value: name, label: tStatus(name) }))}
          {...form.getInputProps("status")}
        />
        <TextInput
          label={t("rate")}
          description={t("rateHelp", { limit: planRate === undefined ? "–" : format.number(planRate) })}
          inputMode="numeric"
          {...form.getInputProps("rate")}
        />
        <div aria-live="polite">
          <Consequence plan={plan} status={status} activeKeys={activeKeys} />
        </div>
        {error === null ? null : (
          <Notice tone="negative" role="alert">
            {error}
          </Notice>
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose} disabled={isBusy}>
            {tApp("cancel")}
          </Button>
          <Button type="submit" loading={isBusy}>
            {t("submit")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface ConsequenceProps {
  readonly plan: PlanName | "";
  readonly status: SubscriptionStatus;
  readonly activeKeys: number;
}

/** What it means for the keys there are, said before it is so. */
function Consequence({ plan, status, activeKeys }: ConsequenceProps) {
  const t = useTranslations("editTeam");
  const limit = limitsOf(plan)?.activeKeysPerTeam ?? null;
  if (status === "CANCELED") {
    return (
      <Notice tone="warning" role="status">
        {t("stopsKeys", { count: activeKeys })}
      </Notice>
    );
  }
  if (limit === null || activeKeys < limit) return null;
  return (
    <Notice tone="info" role="status">
      {t("keepsKeys", { count: activeKeys, limit: String(limit) })}
    </Notice>
  );
}

function useEditTeam(
  team: EditTeamDialog_TeamFragment,
  before: SubscriptionValues,
  onBusy: (isBusy: boolean) => void,
  onDone: () => void,
) {
  const t = useTranslations("editTeam");
  const client = useApolloClient();
  const notify = useNotify();
  const format = useFormatter();
  const form = useForm<SubscriptionValues>({
    initialValues: before,
    validate: {
      plan: (plan) => (plan === "" ? t("planMissing") : null),
      rate: (rate) => (isRateValid(rate) ? null : t("rateInvalid", { max: format.number(MAX_REQUESTS_PER_MINUTE) })),
    },
  });
  const { change, isBusy, error } = useChange({
    unknownOutcome: t("unknownOutcome"),
    failed: (message) => t("failed", { message }),
  });
  async function save(values: SubscriptionValues): Promise<void> {
    const changed = changeOf(before, values);
    if (changed === null) return onDone();
    onBusy(true);
    await change(async () => {
      const { data } = await client.mutate({
        mutation: SetTeamSubscriptionDocument,
        variables: { input: { teamId: team.id, ...changed } },
      });
      const result = data?.setTeamSubscription;
      if (result?.__typename !== "SetTeamSubscriptionPayload") return result;
      notify(t("done", { team: team.name }));
      onDone();
      return null;
    });
    onBusy(false);
  }
  return { form, save, isBusy, error };
}
