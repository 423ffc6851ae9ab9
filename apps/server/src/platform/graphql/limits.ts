import {
  GraphQLError,
  Kind,
  visit,
  type ASTVisitor,
  type DocumentNode,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from "graphql";

// What a document may ask at most. Checked before anything runs, so that a small request cannot cause much work.

export const MAX_TOKENS = 2_000;
const MAX_DEPTH = 10;
const MAX_ALIASES = 20;
export const MAX_BODY_BYTES = 64 * 1024;

/** Fragments are counted where they are spread; a cycle of them is another rule's to refuse. */
function depthRule(context: ValidationContext): ASTVisitor {
  const depthOf = (set: SelectionSetNode, spread: readonly string[]): number =>
    Math.max(
      0,
      ...set.selections.map((selection) => {
        if (selection.kind === Kind.FIELD)
          return 1 + (selection.selectionSet ? depthOf(selection.selectionSet, spread) : 0);
        if (selection.kind === Kind.INLINE_FRAGMENT) return depthOf(selection.selectionSet, spread);
        const name = selection.name.value;
        const fragment = spread.includes(name) ? null : context.getFragment(name);
        return fragment ? depthOf(fragment.selectionSet, [...spread, name]) : 0;
      }),
    );
  return {
    OperationDefinition(operation) {
      // Introspection as GraphiQL and code generators send it is 13 deep; it asks for no row.
      const isIntrospection = operation.selectionSet.selections.every(
        (selection) => selection.kind === Kind.FIELD && selection.name.value.startsWith("__"),
      );
      if (!isIntrospection && depthOf(operation.selectionSet, []) > MAX_DEPTH) {
        context.reportError(new GraphQLError(`Ask at most ${MAX_DEPTH} levels deep.`, { nodes: operation }));
      }
    },
  };
}

/** Of any field, __typename too: an alias is what makes one document ask a thing many times. */
function aliasRule(context: ValidationContext): ASTVisitor {
  return {
    Document(document: DocumentNode) {
      let aliases = 0;
      visit(document, { Field: (field) => void (aliases += field.alias === undefined ? 0 : 1) });
      if (aliases > MAX_ALIASES) context.reportError(new GraphQLError(`Use at most ${MAX_ALIASES} aliases.`));
    },
  };
}

/** Each change is its own request, with its own limit, barrier and audit. */
function oneMutationRule(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition(operation) {
      if (operation.operation !== "mutation") return;
      let fields = 0;
      const count = (set: SelectionSetNode, spread: readonly string[]): void => {
        for (const selection of set.selections) {
          if (selection.kind === Kind.FIELD) fields += 1;
          else if (selection.kind === Kind.INLINE_FRAGMENT) count(selection.selectionSet, spread);
          else {
            const name = selection.name.value;
            const fragment = spread.includes(name) ? null : context.getFragment(name);
            if (fragment) count(fragment.selectionSet, [...spread, name]);
          }
        }
      };
      count(operation.selectionSet, []);
      if (fields > 1)
        context.reportError(new GraphQLError("Send one mutation field in a request.", { nodes: operation }));
    },
  };
}

export const LIMIT_RULES: readonly ValidationRule[] = [depthRule, aliasRule, oneMutationRule];
