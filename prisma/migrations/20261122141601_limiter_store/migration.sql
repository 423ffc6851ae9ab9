-- CreateTable
CREATE TABLE "limiter_store" (
    "id" SMALLINT NOT NULL DEFAULT 1,
    "kind" TEXT NOT NULL,
    "location" TEXT NOT NULL DEFAULT '',
    "namespace" TEXT NOT NULL,
    "generation" INTEGER NOT NULL DEFAULT 1,
    "taken_over_at" TIMESTAMPTZ(3),

    CONSTRAINT "limiter_store_pkey" PRIMARY KEY ("id")
);

ALTER TABLE "limiter_store" ADD CONSTRAINT "limiter_store_is_one_row" CHECK ("id" = 1);
ALTER TABLE "limiter_store" ADD CONSTRAINT "limiter_store_kind_is_known" CHECK ("kind" IN ('memory', 'postgres', 'redis'));
ALTER TABLE "limiter_store" ADD CONSTRAINT "limiter_store_only_redis_is_somewhere_else"
  CHECK (("kind" = 'redis') = ("location" <> ''));
ALTER TABLE "limiter_store" ADD CONSTRAINT "limiter_store_namespace_is_a_word" CHECK ("namespace" ~ '^[a-z0-9]{1,32}$');
ALTER TABLE "limiter_store" ADD CONSTRAINT "limiter_store_generation_is_positive" CHECK ("generation" >= 1);
