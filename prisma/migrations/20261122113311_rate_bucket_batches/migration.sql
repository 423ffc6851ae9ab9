-- The buckets are unlogged and refill by themselves: what is in them may be lost.
-- AlterTable
ALTER TABLE "rate_bucket" DROP COLUMN "admitted",
ADD COLUMN     "admitted" INTEGER NOT NULL DEFAULT 0;
