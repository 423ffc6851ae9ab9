import { z } from "zod";

/** An opaque id such as `key_…`; whether it names anything is for the service to say. */
export const opaqueId = z
  .string({ error: "An id is text." })
  .regex(/^[A-Za-z0-9_-]{1,64}$/, { error: "This is not an id." });
