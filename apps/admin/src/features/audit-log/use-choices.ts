import { useQuery } from "@apollo/client/react";
import { AuditLogChoicesDocument } from "../../generated/graphql.ts";
import type { AuditLogSearch } from "./audit-log-search.ts";

interface Choice {
  readonly value: string;
  readonly label: string;
}

/** The keys and people that a list can be narrowed to. Without them the two are empty, and the rest works. */
export function useChoices(teamId: string, search: AuditLogSearch): { keys: Choice[]; people: Choice[] } {
  const { data } = useQuery(AuditLogChoicesDocument, { variables: { teamId }, errorPolicy: "all" });
  const keys = data?.apiKeys?.nodes.map(({ id, name }) => ({ value: id, label: name })) ?? [];
  const people = data?.members?.nodes.map(({ user: { id, name } }) => ({ value: id, label: name })) ?? [];
  return { keys: withChosen(keys, search.key), people: withChosen(people, search.actor) };
}

/** What the address names is chosen also when it is not among the first hundred, or has left. */
function withChosen(choices: readonly Choice[], chosen: string | undefined): Choice[] {
  if (chosen === undefined || choices.some(({ value }) => value === chosen)) return [...choices];
  return [...choices, { value: chosen, label: chosen }];
}
