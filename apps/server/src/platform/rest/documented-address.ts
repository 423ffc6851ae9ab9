/** The address in the committed document. A server puts its own in its place. */
export const DOCUMENTED_ADDRESS = "http://localhost:3000";
