-- AlterTable
ALTER TABLE "rate_bucket" ADD COLUMN     "admitted" BOOLEAN NOT NULL DEFAULT true,
ADD COLUMN     "fraction" BIGINT NOT NULL DEFAULT 0;
