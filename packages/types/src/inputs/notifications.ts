import { z } from "zod";
import { pageSize } from "./api-key-list.ts";
import { opaqueId } from "./opaque-id.ts";

export const notificationListInput = z.strictObject({
  first: pageSize.nullish(),
  after: z.string().max(1_000, { error: "This is not a cursor of this list." }).nullish(),
  unreadOnly: z.boolean().nullish(),
});

export const notificationInput = z.strictObject({ id: opaqueId });

/** `upTo`: only what happened until then, so that nothing is read that was not shown. */
export const markAllNotificationsReadInput = z.strictObject({ upTo: z.date().nullish() });

/** Whether what one is notified of comes by mail too. */
export const notificationMailInput = z.strictObject({
  isMailed: z.boolean({ error: "Say true or false." }),
});
