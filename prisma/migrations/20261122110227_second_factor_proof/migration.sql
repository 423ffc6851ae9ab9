-- DropIndex
DROP INDEX "two_factor_user_id_idx";

-- AlterTable
ALTER TABLE "session" ADD COLUMN     "second_factor_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "two_factor" ADD COLUMN     "last_step" INTEGER;

-- CreateIndex
CREATE UNIQUE INDEX "two_factor_user_id_key" ON "two_factor"("user_id");
