import { z } from "zod";

const OPAQUE_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** Whether text can be an id: what cannot names nothing, and is not worth asking the database for. */
export function isOpaqueId(text: string): boolean {
  return OPAQUE_ID.test(text);
}

/** An opaque id such as `key_…`; whether it names anything is for the service to say. */
export const opaqueId = z.string({ error: "An id is text." }).regex(OPAQUE_ID, { error: "This is not an id." });
