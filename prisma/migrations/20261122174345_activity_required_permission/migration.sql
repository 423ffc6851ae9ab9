-- AlterTable
ALTER TABLE "activity" ADD COLUMN     "required_permission" TEXT;
