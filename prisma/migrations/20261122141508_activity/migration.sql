-- CreateTable
CREATE TABLE "activity" (
    "at" TIMESTAMPTZ(3) NOT NULL,
    "request_id" TEXT NOT NULL,
    "team_id" TEXT,
    "user_id" TEXT NOT NULL,
    "key_id" TEXT,
    "method" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "status" SMALLINT NOT NULL,
    "code" TEXT,
    "duration_us" INTEGER NOT NULL,
    "ip" TEXT NOT NULL,
    "calls" INTEGER NOT NULL DEFAULT 1,
    "counted" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "activity_pkey" PRIMARY KEY ("request_id","at")
)
-- A partition for each day (UTC), made ahead by every server and dropped when it is old. There is none for "all else":
-- it could not be dropped, and would hold up the making of others.
PARTITION BY RANGE ("at");

-- CreateTable
CREATE TABLE "activity_hour" (
    "team_id" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "hour" TIMESTAMPTZ(0) NOT NULL,
    "code" TEXT NOT NULL,
    "calls" BIGINT NOT NULL,

    CONSTRAINT "activity_hour_pkey" PRIMARY KEY ("team_id","subject","hour","code")
);

-- CreateIndex
CREATE INDEX "activity_key_id_at_idx" ON "activity"("key_id", "at" DESC);

-- CreateIndex
CREATE INDEX "activity_team_id_at_idx" ON "activity"("team_id", "at" DESC);

-- By hand: what Prisma cannot say.

ALTER TABLE "activity_hour"
    ADD CONSTRAINT "activity_hour_calls_positive" CHECK ("calls" > 0),
    -- The rows of the present hour are rewritten with every flush: the room keeps those updates on their page.
    SET (fillfactor = 70);
