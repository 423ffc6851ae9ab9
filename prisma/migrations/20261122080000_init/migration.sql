-- CreateTable
CREATE TABLE "api_key" (
    "id" TEXT NOT NULL,
    "team_id" TEXT NOT NULL,
    "created_by_id" TEXT NOT NULL,
    "member_id" TEXT,
    "name" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "secret_hash" BYTEA NOT NULL,
    "pepper_id" TEXT NOT NULL,
    "permissions" TEXT[] NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "revoked_by_id" TEXT,
    "replaces_id" TEXT,

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_key_last_used" (
    "key_id" TEXT NOT NULL,
    "last_used_at" TIMESTAMPTZ(3),
    "last_used_ip" TEXT,
    "refused_since_revocation" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "api_key_last_used_pkey" PRIMARY KEY ("key_id")
);

-- CreateTable
CREATE TABLE "pepper" (
    "id" TEXT NOT NULL,
    "fingerprint" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "pepper_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_event" (
    "id" TEXT NOT NULL,
    "team_id" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor_id" TEXT,
    "action" TEXT NOT NULL,
    "target_id" TEXT,
    "before" JSONB,
    "after" JSONB,
    "ip" TEXT,
    "user_agent" TEXT,
    "request_id" TEXT,

    CONSTRAINT "audit_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "user" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "email_verified" BOOLEAN NOT NULL DEFAULT false,
    "image" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "is_super_admin" BOOLEAN NOT NULL DEFAULT false,
    "banned_at" TIMESTAMPTZ(3),
    "ban_expires_at" TIMESTAMPTZ(3),
    "ban_reason" TEXT,
    "last_selected_team_id" TEXT,

    CONSTRAINT "user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session" (
    "id" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "ip_address" TEXT,
    "user_agent" TEXT,
    "active_team_id" TEXT,

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "account" (
    "id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "access_token" TEXT,
    "refresh_token" TEXT,
    "id_token" TEXT,
    "access_token_expires_at" TIMESTAMPTZ(3),
    "refresh_token_expires_at" TIMESTAMPTZ(3),
    "scope" TEXT,
    "password" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "verification" (
    "id" TEXT NOT NULL,
    "identifier" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "verification_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "subscription" (
    "team_id" TEXT NOT NULL,
    "plan" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "requests_per_minute" INTEGER,
    "current_period_start" TIMESTAMPTZ(3) NOT NULL,
    "current_period_end" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "subscription_pkey" PRIMARY KEY ("team_id")
);

-- CreateTable
CREATE TABLE "team" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "logo" TEXT,
    "metadata" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "team_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "member" (
    "id" TEXT NOT NULL,
    "team_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "member_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invitation" (
    "id" TEXT NOT NULL,
    "team_id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "inviter_id" TEXT NOT NULL,

    CONSTRAINT "invitation_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "api_key_secret_hash_key" ON "api_key"("secret_hash");

-- CreateIndex
CREATE INDEX "api_key_team_id_created_at_id_idx" ON "api_key"("team_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "api_key_team_id_created_by_id_idx" ON "api_key"("team_id", "created_by_id");

-- CreateIndex
CREATE INDEX "audit_event_team_id_at_id_idx" ON "audit_event"("team_id", "at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "user_email_key" ON "user"("email");

-- CreateIndex
CREATE UNIQUE INDEX "session_token_key" ON "session"("token");

-- CreateIndex
CREATE INDEX "session_user_id_idx" ON "session"("user_id");

-- CreateIndex
CREATE INDEX "account_user_id_idx" ON "account"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "account_provider_id_account_id_key" ON "account"("provider_id", "account_id");

-- CreateIndex
CREATE INDEX "verification_identifier_idx" ON "verification"("identifier");

-- CreateIndex
CREATE UNIQUE INDEX "team_slug_key" ON "team"("slug");

-- CreateIndex
CREATE INDEX "member_user_id_created_at_idx" ON "member"("user_id", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "member_team_id_user_id_key" ON "member"("team_id", "user_id");

-- CreateIndex
CREATE INDEX "invitation_team_id_status_idx" ON "invitation"("team_id", "status");

-- CreateIndex
CREATE INDEX "invitation_email_idx" ON "invitation"("email");

-- AddForeignKey
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_created_by_id_fkey" FOREIGN KEY ("created_by_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_revoked_by_id_fkey" FOREIGN KEY ("revoked_by_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_pepper_id_fkey" FOREIGN KEY ("pepper_id") REFERENCES "pepper"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_replaces_id_fkey" FOREIGN KEY ("replaces_id") REFERENCES "api_key"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_key_last_used" ADD CONSTRAINT "api_key_last_used_key_id_fkey" FOREIGN KEY ("key_id") REFERENCES "api_key"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "audit_event" ADD CONSTRAINT "audit_event_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "user" ADD CONSTRAINT "user_last_selected_team_id_fkey" FOREIGN KEY ("last_selected_team_id") REFERENCES "team"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_active_team_id_fkey" FOREIGN KEY ("active_team_id") REFERENCES "team"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "account" ADD CONSTRAINT "account_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subscription" ADD CONSTRAINT "subscription_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "member" ADD CONSTRAINT "member_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "member" ADD CONSTRAINT "member_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_inviter_id_fkey" FOREIGN KEY ("inviter_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


-- By hand from here on: what Prisma's models cannot say. prisma/structure.txt guards it.

-- Rules of single rows

ALTER TABLE "user"
    ADD CONSTRAINT "user_email_lower_case" CHECK ("email" = lower("email")),
    ADD CONSTRAINT "user_ban_is_whole" CHECK ("banned_at" IS NOT NULL OR ("ban_expires_at" IS NULL AND "ban_reason" IS NULL));

ALTER TABLE "member"
    ADD CONSTRAINT "member_role_known" CHECK ("role" IN ('owner', 'admin', 'manager', 'viewer'));

ALTER TABLE "invitation"
    ADD CONSTRAINT "invitation_role_known" CHECK ("role" IN ('owner', 'admin', 'manager', 'viewer')),
    ADD CONSTRAINT "invitation_email_lower_case" CHECK ("email" = lower("email"));

ALTER TABLE "subscription"
    ADD CONSTRAINT "subscription_plan_known" CHECK ("plan" IN ('starter', 'growth', 'scale', 'enterprise')),
    ADD CONSTRAINT "subscription_requests_per_minute_positive" CHECK ("requests_per_minute" > 0);

ALTER TABLE "pepper"
    ADD CONSTRAINT "pepper_id_not_empty" CHECK ("id" <> ''),
    ADD CONSTRAINT "pepper_fingerprint_not_empty" CHECK (octet_length("fingerprint") > 0);

ALTER TABLE "api_key"
    ADD CONSTRAINT "api_key_name_length" CHECK (char_length("name") BETWEEN 1 AND 64),
    ADD CONSTRAINT "api_key_prefix_format" CHECK ("prefix" ~ '^[a-z0-9]{2,8}_[0-9A-Za-z]{4}$'),
    ADD CONSTRAINT "api_key_secret_hash_length" CHECK (octet_length("secret_hash") = 32),
    ADD CONSTRAINT "api_key_permissions_not_empty" CHECK (cardinality("permissions") > 0 AND array_position("permissions", NULL) IS NULL),
    ADD CONSTRAINT "api_key_expires_after_creation" CHECK ("expires_at" > "created_at"),
    ADD CONSTRAINT "api_key_revoker_only_with_revocation" CHECK ("revoked_by_id" IS NULL OR "revoked_at" IS NOT NULL),
    ADD CONSTRAINT "api_key_replaces_another" CHECK ("replaces_id" <> "id");

ALTER TABLE "api_key_last_used"
    ADD CONSTRAINT "api_key_last_used_refused_not_negative" CHECK ("refused_since_revocation" >= 0),
    -- Rewritten once a second per busy key: the room keeps those updates on their page and out of the index.
    SET (fillfactor = 80);

-- Partial indexes

-- At most one unrevoked replacement of a key.
CREATE UNIQUE INDEX "api_key_one_unrevoked_replacement" ON "api_key" ("replaces_id") WHERE "revoked_at" IS NULL AND "replaces_id" IS NOT NULL;
CREATE INDEX "api_key_replaces_id_idx" ON "api_key" ("replaces_id") WHERE "replaces_id" IS NOT NULL;
-- Caps count active keys by team and by creator.
CREATE INDEX "api_key_unrevoked_team_id_idx" ON "api_key" ("team_id") WHERE "revoked_at" IS NULL;

-- What can never happen, whoever writes. ENABLE ALWAYS: session_replication_role must not switch these off.

CREATE FUNCTION "refuse_statement"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: its rows stay for good', TG_OP, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END;
$$;

CREATE TRIGGER "api_key_is_never_deleted" BEFORE DELETE OR TRUNCATE ON "api_key"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_statement"();
ALTER TABLE "api_key" ENABLE ALWAYS TRIGGER "api_key_is_never_deleted";

CREATE TRIGGER "audit_event_is_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_event"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_statement"();
ALTER TABLE "audit_event" ENABLE ALWAYS TRIGGER "audit_event_is_append_only";

-- A key can be renamed, revoked once, and hashed anew under another pepper. Nothing else about it ever changes.
CREATE FUNCTION "guard_api_key_update"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD."revoked_at" IS NOT NULL
        AND (NEW."revoked_at", NEW."revoked_by_id") IS DISTINCT FROM (OLD."revoked_at", OLD."revoked_by_id") THEN
        RAISE EXCEPTION 'api_key %: a revocation is final', OLD."id" USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW."secret_hash" IS DISTINCT FROM OLD."secret_hash") <> (NEW."pepper_id" IS DISTINCT FROM OLD."pepper_id") THEN
        RAISE EXCEPTION 'api_key %: a secret is never replaced; a new hash needs another pepper', OLD."id"
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW."id", NEW."team_id", NEW."created_by_id", NEW."member_id", NEW."prefix", NEW."permissions",
        NEW."created_at", NEW."expires_at", NEW."replaces_id")
        IS DISTINCT FROM
       (OLD."id", OLD."team_id", OLD."created_by_id", OLD."member_id", OLD."prefix", OLD."permissions",
        OLD."created_at", OLD."expires_at", OLD."replaces_id") THEN
        RAISE EXCEPTION 'api_key %: what was decided at creation does not change', OLD."id"
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER "api_key_keeps_its_identity" BEFORE UPDATE ON "api_key"
    FOR EACH ROW EXECUTE FUNCTION "guard_api_key_update"();
ALTER TABLE "api_key" ENABLE ALWAYS TRIGGER "api_key_keeps_its_identity";
