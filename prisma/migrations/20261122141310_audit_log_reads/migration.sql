-- AlterTable
ALTER TABLE "audit_event" ADD COLUMN     "actor_key_id" TEXT;

-- CreateIndex
CREATE INDEX "audit_event_team_id_target_id_at_id_idx" ON "audit_event"("team_id", "target_id", "at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "audit_event_team_id_actor_id_at_id_idx" ON "audit_event"("team_id", "actor_id", "at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "audit_event_team_id_action_at_id_idx" ON "audit_event"("team_id", "action", "at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "audit_event_team_id_ip_at_id_idx" ON "audit_event"("team_id", "ip", "at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "audit_event_request_id_idx" ON "audit_event"("request_id");

-- By hand: Prisma's models cannot say a partial index. Few events come from a key.
CREATE INDEX "audit_event_team_id_actor_key_id_at_id_idx" ON "audit_event"("team_id", "actor_key_id", "at" DESC, "id" DESC) WHERE "actor_key_id" IS NOT NULL;
