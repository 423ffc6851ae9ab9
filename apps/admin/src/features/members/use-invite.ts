import { useApolloClient } from "@apollo/client/react";
import { schemaResolver, useForm } from "@mantine/form";
import { inviteMemberInput } from "@latchkey/types/inputs/invitations";
import { useTranslations } from "use-intl";
import { InviteMemberDocument, type InviteMemberMutation, type Role } from "../../generated/graphql.ts";
import { fieldErrors } from "../../graphql/field-errors.ts";
import { useChange } from "../../graphql/use-change.ts";

interface InviteValues {
  readonly email: string;
  readonly role: Role;
}

export interface ShownInvitation {
  readonly email: string;
  readonly role: Role;
  readonly expiresAt: string;
  readonly link: string;
  /** On its way by mail, too. */
  readonly isMailed: boolean;
}

type InviteResult = InviteMemberMutation["inviteMember"];
type Refused = Exclude<InviteResult, { __typename: "InviteMemberPayload" }>;

const FIELDS = ["email", "role"];
const validateInput = schemaResolver(inviteMemberInput, { sync: true });

/** The answer goes straight to `onInvited`: kept neither in Apollo's cache nor in a hook's result, it holds the link. */
export function useInvite(teamId: string, onInvited: (invitation: ShownInvitation) => void) {
  const t = useTranslations("inviteMember");
  const tRoleHelp = useTranslations("roleHelp");
  const client = useApolloClient();
  const form = useForm<InviteValues>({
    initialValues: { email: "", role: "VIEWER" },
    // The catalogue of roles is in lower case.
    validate: ({ email, role }) => validateInput({ teamId, email, role: role.toLowerCase() }),
  });
  const { change, isBusy, error } = useChange({
    unknownOutcome: t("unknownOutcome"),
    failed: (message) => t("failed", { message }),
  });

  /** What belongs to no field. */
  function place(refused: Refused): { message: string } | null {
    if (refused.__typename === "PermissionMissingError" && form.values.role === "OWNER") {
      form.setFieldError("role", tRoleHelp("onlyOwners"));
      return null;
    }
    if (refused.__typename !== "InvalidInputError") return refused;
    const { byField, rest } = fieldErrors(refused.fields, FIELDS);
    form.setErrors(byField);
    return rest === null ? null : { message: rest };
  }

  const invite = ({ email, role }: InviteValues) =>
    void change(async () => {
      const { data } = await client.mutate({
        mutation: InviteMemberDocument,
        variables: { input: { teamId, email, role } },
        fetchPolicy: "no-cache",
      });
      const result = data?.inviteMember;
      if (result === undefined) return undefined;
      if (result.__typename !== "InviteMemberPayload") return place(result);
      const { link, ...invitation } = result.invitation;
      if (link === null) return undefined;
      onInvited({ ...invitation, link, isMailed: result.isMailed });
      return null;
    });
  return { form, invite, isBusy, error };
}
