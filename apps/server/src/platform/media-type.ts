import { DomainError } from "./domain-error.ts";

/** JSON only: a form or plain text is what a foreign page can send without asking. */
export function assertJson(headers: Headers): void {
  const [mediaType] = (headers.get("content-type") ?? "").split(";");
  if (mediaType?.trim().toLowerCase() === "application/json") return;
  throw new DomainError("unsupported_media_type", "Send the body as application/json.");
}
