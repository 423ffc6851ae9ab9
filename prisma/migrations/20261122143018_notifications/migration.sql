-- AlterTable
ALTER TABLE "user" ADD COLUMN     "mails_notifications" BOOLEAN NOT NULL DEFAULT true;

-- CreateTable
CREATE TABLE "notification" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "team_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "threshold" TEXT NOT NULL DEFAULT '',
    "key_id" TEXT,
    "person_id" TEXT,
    "reached_limit" INTEGER,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "read_at" TIMESTAMPTZ(3),
    "mailed_at" TIMESTAMPTZ(3),

    CONSTRAINT "notification_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notification_run" (
    "job" TEXT NOT NULL,
    "done_until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "notification_run_pkey" PRIMARY KEY ("job")
);

-- CreateIndex
CREATE INDEX "notification_user_id_at_id_idx" ON "notification"("user_id", "at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "notification_kind_subject_threshold_user_id_key" ON "notification"("kind", "subject", "threshold", "user_id");

-- CreateIndex
CREATE INDEX "api_key_created_at_idx" ON "api_key"("created_at");

-- AddForeignKey
ALTER TABLE "notification" ADD CONSTRAINT "notification_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notification" ADD CONSTRAINT "notification_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notification" ADD CONSTRAINT "notification_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notification" ADD CONSTRAINT "notification_key_id_fkey" FOREIGN KEY ("key_id") REFERENCES "api_key"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- By hand: what Prisma cannot say.

ALTER TABLE "notification"
    ADD CONSTRAINT "notification_kind_known" CHECK ("kind" IN (
        'KEY_EXPIRES', 'KEY_EXPIRED', 'KEY_CREATED', 'KEY_REVOKED', 'KEY_UNUSED', 'KEY_LIMIT_REACHED', 'RATE_LIMIT_REACHED'));

-- The bell counts these with every look at it; read ones stay for good.
CREATE INDEX "notification_unread_idx" ON "notification"("user_id", "team_id") WHERE "read_at" IS NULL;
-- Those that may still have to be mailed.
CREATE INDEX "notification_unmailed_idx" ON "notification"("at") WHERE "mailed_at" IS NULL AND "read_at" IS NULL;

-- What has happened to keys since the schedule looked last, over all teams.
CREATE INDEX "api_key_revoked_at_idx" ON "api_key"("revoked_at") WHERE "revoked_at" IS NOT NULL;
CREATE INDEX "api_key_expires_at_idx" ON "api_key"("expires_at") WHERE "expires_at" IS NOT NULL AND "revoked_at" IS NULL;
-- Few hours have such a row. Neither column ever changes, so that a flush rewrites its row without touching this.
CREATE INDEX "activity_hour_rate_limited_idx" ON "activity_hour"("hour") WHERE "code" = 'rate_limited';
