-- CreateTable
CREATE TABLE "server_process" (
    "id" TEXT NOT NULL,
    "renewals" BIGINT NOT NULL,
    "acknowledged" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "server_process_pkey" PRIMARY KEY ("id")
);

-- By hand from here on: what Prisma's models cannot say. prisma/structure.txt guards it.

-- Rewritten four times a second and by every acknowledgement: with room on the page no index is touched, and the page
-- cleans itself. Logged: a row that a crash took away would be a lease that nobody waits for.
ALTER TABLE "server_process" SET (fillfactor = 10);

-- A barrier draws its number after the change that it is for was committed: whoever has heard a higher number has heard
-- of that change.
CREATE SEQUENCE "barrier_number" AS bigint;

-- What decides access is kept in the memory of server processes. These triggers tell them what to forget (rule R2): once
-- per statement, only when a column that verification reads has changed, and with the commit of the change itself.
-- The arguments are the subject (k:<key> m:<user>:<team> u:<user> t:<team>; * is everything) and the deciding columns.

CREATE FUNCTION "notify_access_changed"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    columns text := TG_ARGV[1];
    changed text := CASE TG_OP
        WHEN 'INSERT' THEN format('SELECT %s FROM new_rows', columns)
        WHEN 'DELETE' THEN format('SELECT %s FROM old_rows', columns)
        WHEN 'UPDATE' THEN format(
            '(SELECT %1$s FROM old_rows EXCEPT SELECT %1$s FROM new_rows) UNION ALL (SELECT %1$s FROM new_rows EXCEPT SELECT %1$s FROM old_rows)',
            columns)
    END;
    subjects text[];
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        subjects := '{*}';
    ELSE
        EXECUTE format('SELECT array_agg(DISTINCT %s) FROM (%s) AS changed', TG_ARGV[0], changed) INTO subjects;
    END IF;
    IF cardinality(subjects) > 100 THEN
        subjects := '{*}';
    END IF;
    PERFORM pg_notify('latchkey', subject) FROM unnest(subjects) AS subject;
    RETURN NULL;
END;
$$;

-- A new key, person or team is in nobody's memory: what is not found is not remembered. A membership or a subscription
-- that was missing is.

CREATE TRIGGER "api_key_access_changed_by_update" AFTER UPDATE ON "api_key" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION "notify_access_changed"('''k:'' || id', 'secret_hash, id, team_id, created_by_id, member_id, name, prefix, pepper_id, permissions, expires_at, revoked_at');
CREATE TRIGGER "api_key_access_changed_by_delete" AFTER DELETE ON "api_key" REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION "notify_access_changed"('''k:'' || id', 'secret_hash, id, team_id, created_by_id, member_id, name, prefix, pepper_id, permissions, expires_at, revoked_at');
CREATE TRIGGER "api_key_access_changed_by_truncate" AFTER TRUNCATE ON "api_key"
    FOR EACH STATEMENT EXECUTE FUNCTION "notify_access_changed"('''k:'' || id', 'secret_hash, id, team_id, created_by_id, member_id, name, prefix, pepper_id, permissions, expires_at, revoked_at');
ALTER TABLE "api_key" ENABLE ALWAYS TRIGGER "api_key_access_changed_by_update";
ALTER TABLE "api_key" ENABLE ALWAYS TRIGGER "api_key_access_changed_by_delete";
ALTER TABLE "api_key" ENABLE ALWAYS TRIGGER "api_key_access_changed_by_truncate";

CREATE TRIGGER "member_access_changed_by_insert" AFTER INSERT ON "member" REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION "notify_access_changed"('''m:'' || user_id || '':'' || team_id', 'id, user_id, team_id, role');
CREATE TRIGGER "member_access_changed_by_update" AFTER UPDATE ON "member" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION "notify_access_changed"('''m:'' || user_id || '':'' || team_id', 'id, user_id, team_id, role');
CREATE TRIGGER "member_access_changed_by_delete" AFTER DELETE ON "member" REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION "notify_access_changed"('''m:'' || user_id || '':'' || team_id', 'id, user_id, team_id, role');
CREATE TRIGGER "member_access_changed_by_truncate" AFTER TRUNCATE ON "member"
    FOR EACH STATEMENT EXECUTE FUNCTION "notify_access_changed"('''m:'' || user_id || '':'' || team_id', 'id, user_id, team_id, role');
ALTER TABLE "member" ENABLE ALWAYS TRIGGER "member_access_changed_by_insert";
ALTER TABLE "member" ENABLE ALWAYS TRIGGER "member_access_changed_by_update";
ALTER TABLE "member" ENABLE ALWAYS TRIGGER "member_access_changed_by_delete";
ALTER TABLE "member" ENABLE ALWAYS TRIGGER "member_access_changed_by_truncate";

CREATE TRIGGER "user_access_changed_by_update" AFTER UPDATE ON "user" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION "notify_access_changed"('''u:'' || id', 'id, name, is_super_admin, banned_at, ban_expires_at');
CREATE TRIGGER "user_access_changed_by_delete" AFTER DELETE ON "user" REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION "notify_access_changed"('''u:'' || id', 'id, name, is_super_admin, banned_at, ban_expires_at');
CREATE TRIGGER "user_access_changed_by_truncate" AFTER TRUNCATE ON "user"
    FOR EACH STATEMENT EXECUTE FUNCTION "notify_access_changed"('''u:'' || id', 'id, name, is_super_admin, banned_at, ban_expires_at');
ALTER TABLE "user" ENABLE ALWAYS TRIGGER "user_access_changed_by_update";
ALTER TABLE "user" ENABLE ALWAYS TRIGGER "user_access_changed_by_delete";
ALTER TABLE "user" ENABLE ALWAYS TRIGGER "user_access_changed_by_truncate";

CREATE TRIGGER "team_access_changed_by_update" AFTER UPDATE ON "team" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION "notify_access_changed"('''t:'' || id', 'id, name, slug');
CREATE TRIGGER "team_access_changed_by_delete" AFTER DELETE ON "team" REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION "notify_access_changed"('''t:'' || id', 'id, name, slug');
CREATE TRIGGER "team_access_changed_by_truncate" AFTER TRUNCATE ON "team"
    FOR EACH STATEMENT EXECUTE FUNCTION "notify_access_changed"('''t:'' || id', 'id, name, slug');
ALTER TABLE "team" ENABLE ALWAYS TRIGGER "team_access_changed_by_update";
ALTER TABLE "team" ENABLE ALWAYS TRIGGER "team_access_changed_by_delete";
ALTER TABLE "team" ENABLE ALWAYS TRIGGER "team_access_changed_by_truncate";

CREATE TRIGGER "subscription_access_changed_by_insert" AFTER INSERT ON "subscription" REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION "notify_access_changed"('''t:'' || team_id', 'team_id, plan, status, requests_per_minute');
CREATE TRIGGER "subscription_access_changed_by_update" AFTER UPDATE ON "subscription" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION "notify_access_changed"('''t:'' || team_id', 'team_id, plan, status, requests_per_minute');
CREATE TRIGGER "subscription_access_changed_by_delete" AFTER DELETE ON "subscription" REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION "notify_access_changed"('''t:'' || team_id', 'team_id, plan, status, requests_per_minute');
CREATE TRIGGER "subscription_access_changed_by_truncate" AFTER TRUNCATE ON "subscription"
    FOR EACH STATEMENT EXECUTE FUNCTION "notify_access_changed"('''t:'' || team_id', 'team_id, plan, status, requests_per_minute');
ALTER TABLE "subscription" ENABLE ALWAYS TRIGGER "subscription_access_changed_by_insert";
ALTER TABLE "subscription" ENABLE ALWAYS TRIGGER "subscription_access_changed_by_update";
ALTER TABLE "subscription" ENABLE ALWAYS TRIGGER "subscription_access_changed_by_delete";
ALTER TABLE "subscription" ENABLE ALWAYS TRIGGER "subscription_access_changed_by_truncate";
