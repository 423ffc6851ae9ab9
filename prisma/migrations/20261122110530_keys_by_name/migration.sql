-- By hand: Prisma's models cannot say an expression. A page of keys by name is read from its index, whatever their number.
CREATE INDEX "api_key_team_id_name_id_idx" ON "api_key" ("team_id", lower("name"), "id");
