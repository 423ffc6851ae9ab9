import type { ListedInvitation } from "./invitations-list.tsx";
import type { ListedMember } from "./members-list.tsx";

/** Which dialog of the page is open, and what it is about. */
export type OpenDialog =
  | { readonly kind: "invite" | "leave" }
  | { readonly kind: "role" | "remove"; readonly member: ListedMember }
  | { readonly kind: "cancel"; readonly invitation: ListedInvitation };
