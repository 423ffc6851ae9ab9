import { Anchor } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { ApiKeysSearch } from "../api-keys-search.ts";

interface KeyLinkProps {
  readonly id: string;
  /** So that the focus can return to it when the drawer closes. */
  readonly elementId?: string;
  /** As the words around it, where what it leads to is plain from the place. */
  readonly isPlain?: boolean;
  readonly children: ReactNode;
}

/** Opens the key's drawer over the list as it stands. */
export function KeyLink({ id, elementId, isPlain = false, children }: KeyLinkProps) {
  return (
    <Anchor
      renderRoot={(props) => (
        <Link
          {...props}
          to="/settings/team/api-keys"
          search={({ replace: _replace, replacement: _replacement, ...before }: ApiKeysSearch) => ({
            ...before,
            key: id,
          })}
          // The page of the list behind it knows the pages before it.
          state
          resetScroll={false}
        />
      )}
      {...(elementId === undefined ? {} : { id: elementId })}
      inherit
      {...(isPlain ? { c: "inherit" } : {})}
    >
      {children}
    </Anchor>
  );
}

/** Of the link in the list that opens the key's drawer. */
export const keyLinkId = (id: string): string => `open-${id}`;
