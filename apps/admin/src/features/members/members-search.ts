/** The list's state, in the address. */
export interface MembersSearch {
  /** The cursor this page of the list starts after. */
  readonly after?: string;
}

/** Reads what somebody may have typed into the address: what is not understood is dropped. */
export function parseMembersSearch({ after }: Record<string, unknown>): MembersSearch {
  return typeof after === "string" && after !== "" ? { after } : {};
}
