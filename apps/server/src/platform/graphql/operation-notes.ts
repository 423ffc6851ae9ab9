import { accessTo } from "@latchkey/types/actor";
import {
  getOperationAST,
  Kind,
  valueFromASTUntyped,
  type DocumentNode,
  type FieldNode,
  type OperationDefinitionNode,
} from "graphql";
import type { GraphQLContext } from "./builder.ts";

interface Execution {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variableValues?: Readonly<Record<string, unknown>> | null | undefined;
}

/** Callers name operations as they like. */
const LONGEST_NAME = 100;

/** Says in the call's notes what it runs, and in which team: the one that it names, if the caller may see it. */
export function noteOperation({ document, operationName, variableValues }: Execution, context: GraphQLContext): void {
  const { notes, requestContext } = context;
  const operation = getOperationAST(document, operationName);
  if (operation === null || operation === undefined) return;
  const fields = rootFields(operation);
  const name = operation.name?.value ?? fields.map((field) => field.name.value).join(", ");
  notes.operation = name.slice(0, LONGEST_NAME);
  const teamId = fields.map((field) => teamNamedBy(field, variableValues ?? {})).find((id) => id !== null) ?? null;
  if (teamId === null || notes.caller === null || accessTo(requestContext.actor, teamId) === null) return;
  notes.caller = { ...notes.caller, teamId };
}

function rootFields({ selectionSet }: OperationDefinitionNode): FieldNode[] {
  return selectionSet.selections.filter((selection) => selection.kind === Kind.FIELD);
}

function teamNamedBy(field: FieldNode, variables: Readonly<Record<string, unknown>>): string | null {
  for (const { name, value } of field.arguments ?? []) {
    if (name.value !== "teamId" && name.value !== "input") continue;
    const given: unknown = valueFromASTUntyped(value, { ...variables });
    const teamId: unknown = name.value === "input" ? (given as { teamId?: unknown } | null | undefined)?.teamId : given;
    if (typeof teamId === "string") return teamId;
  }
  return null;
}
