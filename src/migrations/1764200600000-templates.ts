import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
CREATE TABLE templates (
  team_id uuid NOT NULL,
  id uuid NOT NULL,
  owner_id uuid,
  name text NOT NULL,
  category text,
  subject text NOT NULL,
  body text NOT NULL,
  shared boolean NOT NULL DEFAULT false,
  commercial boolean NOT NULL DEFAULT true,
  locked boolean NOT NULL DEFAULT false,
  version integer NOT NULL DEFAULT '1',
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  deleted_at timestamptz,
  CONSTRAINT ck_templates_reachable CHECK (owner_id IS NOT NULL OR shared),
  CONSTRAINT pk_templates PRIMARY KEY (team_id, id),
  CONSTRAINT fk_templates_team FOREIGN KEY (team_id) REFERENCES teams (id) ON DELETE CASCADE,
  CONSTRAINT fk_templates_owner FOREIGN KEY (team_id, owner_id) REFERENCES users (team_id, id)
);
CREATE INDEX ix_templates_name ON templates (team_id, (lower(name) COLLATE "C"), id) WHERE deleted_at IS NULL;
CREATE INDEX ix_templates_owner ON templates (team_id, owner_id);

CREATE TABLE template_favourites (
  team_id uuid NOT NULL,
  user_id uuid NOT NULL,
  template_id uuid NOT NULL,
  CONSTRAINT pk_template_favourites PRIMARY KEY (team_id, user_id, template_id),
  CONSTRAINT fk_template_favourites_user FOREIGN KEY (team_id, user_id) REFERENCES users (team_id, id) ON DELETE CASCADE,
  CONSTRAINT fk_template_favourites_template FOREIGN KEY (team_id, template_id) REFERENCES templates (team_id, id) ON DELETE CASCADE
);
CREATE INDEX ix_template_favourites_template ON template_favourites (team_id, template_id);
`;

/** What is written once and sent often. */
export class Templates1764200600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
