// What the door tells Better Auth of a request, in headers that a client's own of these names never get past.

/** The client's address, by the socket. */
export const CLIENT_IP_HEADER = "x-latchkey-client-ip";

/** The id of the request, as its answer will carry it. */
export const REQUEST_ID_HEADER = "x-latchkey-request-id";
