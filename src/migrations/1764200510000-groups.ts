import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
CREATE TABLE groups (
  team_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  owner_id uuid NOT NULL,
  shared boolean NOT NULL DEFAULT false,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT pk_groups PRIMARY KEY (team_id, id),
  CONSTRAINT fk_groups_team FOREIGN KEY (team_id) REFERENCES teams (id) ON DELETE CASCADE,
  CONSTRAINT fk_groups_owner FOREIGN KEY (team_id, owner_id) REFERENCES users (team_id, id)
);
CREATE UNIQUE INDEX uq_groups_name ON groups (team_id, owner_id, lower(name));

CREATE TABLE group_members (
  team_id uuid NOT NULL,
  group_id uuid NOT NULL,
  person_id uuid NOT NULL,
  added_at timestamptz NOT NULL,
  CONSTRAINT pk_group_members PRIMARY KEY (team_id, group_id, person_id),
  CONSTRAINT fk_group_members_group FOREIGN KEY (team_id, group_id) REFERENCES groups (team_id, id) ON DELETE CASCADE,
  CONSTRAINT fk_group_members_person FOREIGN KEY (team_id, person_id) REFERENCES people (team_id, id) ON DELETE CASCADE
);
CREATE INDEX ix_group_members_person ON group_members (team_id, person_id);
`;

/** Groups of people, one's own or shared with the team. */
export class Groups1764200510000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
