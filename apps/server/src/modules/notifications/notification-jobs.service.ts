import type { ScheduledJob } from "../../platform/schedule/schedule.ts";
import type { NotificationMails } from "./notification-mails.service.ts";
import type { NotificationRuns } from "./notification-runs.service.ts";

interface Dependencies {
  readonly runs: NotificationRuns;
  readonly mails: NotificationMails;
}

/** What the schedule runs. Counters move by the hour and silence by the day; everything else is told within a minute. */
export function createNotificationJobs({ runs, mails }: Dependencies): readonly ScheduledJob[] {
  return [
    {
      name: "notifications/minute",
      cron: "* * * * *",
      async run() {
        await runs.run(["created", "revoked", "expiry", "key-limit"]);
        await mails.sendDue();
      },
    },
    {
      // A few minutes past, when the counters of the hour are whole.
      name: "notifications/hour",
      cron: "5 * * * *",
      async run() {
        await runs.run(["rate-limit", "unused"]);
      },
    },
  ];
}
