-- CreateTable
CREATE TABLE "team_entry" (
    "session_id" TEXT NOT NULL,
    "team_id" TEXT NOT NULL,
    "entered_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "team_entry_pkey" PRIMARY KEY ("session_id","team_id")
);

-- AddForeignKey
ALTER TABLE "team_entry" ADD CONSTRAINT "team_entry_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "session"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "team_entry" ADD CONSTRAINT "team_entry_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- By hand from here on: what Prisma's models cannot say. prisma/structure.txt guards it.

-- The backoffice searches teams and people by the beginnings of words, with what every PostgreSQL has: no extension.

CREATE FUNCTION "search_words"("searched" text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN array_remove(regexp_split_to_array(lower("searched"), '[^[:alnum:]]+'), '');

-- Every word, each as a beginning; null when there is none. Words hold letters and digits only: nothing to escape.
CREATE FUNCTION "search_query"("searched" text) RETURNS tsquery LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (SELECT string_agg('''' || word || ''':*', ' & ')::tsquery FROM unnest("search_words"("searched")) AS word);

CREATE INDEX "team_search_idx" ON "team" USING gin (array_to_tsvector("search_words"("name" || ' ' || "slug")));
CREATE INDEX "user_search_idx" ON "user" USING gin (array_to_tsvector("search_words"("name" || ' ' || "email")));
-- The order of the backoffice's list of teams.
CREATE INDEX "team_lower_name_id_idx" ON "team" (lower("name"), "id");
-- What a ban stops is counted by who made it, over all teams.
CREATE INDEX "api_key_unrevoked_created_by_id_idx" ON "api_key" ("created_by_id") WHERE "revoked_at" IS NULL;
