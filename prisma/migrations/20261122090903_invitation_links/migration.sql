-- AlterTable
ALTER TABLE "invitation" ADD COLUMN     "token_hash" BYTEA NOT NULL;

-- CreateIndex
CREATE UNIQUE INDEX "invitation_token_hash_key" ON "invitation"("token_hash");

-- By hand from here on: what Prisma's models cannot say. prisma/structure.txt guards it.

ALTER TABLE "invitation"
    ADD CONSTRAINT "invitation_status_known" CHECK ("status" IN ('pending', 'accepted', 'cancelled')),
    ADD CONSTRAINT "invitation_token_hash_length" CHECK (octet_length("token_hash") = 32);

-- One open invitation per address and team: a new one takes the place of the one before.
CREATE UNIQUE INDEX "invitation_one_pending_per_address" ON "invitation" ("team_id", "email") WHERE "status" = 'pending';
