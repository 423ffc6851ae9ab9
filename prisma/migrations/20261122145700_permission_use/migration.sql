-- CreateTable
CREATE TABLE "api_key_permission_used" (
    "key_id" TEXT NOT NULL,
    "permission" TEXT NOT NULL,
    "last_used_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "api_key_permission_used_pkey" PRIMARY KEY ("key_id","permission")
);

-- AddForeignKey
ALTER TABLE "api_key_permission_used" ADD CONSTRAINT "api_key_permission_used_key_id_fkey" FOREIGN KEY ("key_id") REFERENCES "api_key"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- By hand: what Prisma cannot say.

-- Rows of busy keys are rewritten every ten seconds: the room keeps those updates on their page.
ALTER TABLE "api_key_permission_used" SET (fillfactor = 70);
