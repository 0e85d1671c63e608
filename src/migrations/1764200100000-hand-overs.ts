import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
CREATE TABLE hand_overs (
  team_id uuid NOT NULL,
  id uuid NOT NULL,
  from_user_id uuid NOT NULL,
  to_user_id uuid NOT NULL,
  actor text NOT NULL,
  kind text,
  after uuid,
  moved jsonb NOT NULL DEFAULT '{}',
  kept jsonb NOT NULL DEFAULT '{}',
  kept_because text,
  stopped_because text,
  created_at timestamptz NOT NULL,
  finished_at timestamptz,
  CONSTRAINT ck_hand_overs_stopped CHECK (stopped_because IS NULL OR finished_at IS NOT NULL),
  CONSTRAINT pk_hand_overs PRIMARY KEY (team_id, id),
  CONSTRAINT fk_hand_overs_from FOREIGN KEY (team_id, from_user_id) REFERENCES users (team_id, id) ON DELETE CASCADE,
  CONSTRAINT fk_hand_overs_to FOREIGN KEY (team_id, to_user_id) REFERENCES users (team_id, id) ON DELETE CASCADE
);
CREATE INDEX ix_hand_overs_due ON hand_overs (created_at, team_id) WHERE finished_at IS NULL;
CREATE UNIQUE INDEX uq_hand_overs_running ON hand_overs (team_id, from_user_id) WHERE finished_at IS NULL;
CREATE INDEX ix_hand_overs_to ON hand_overs (team_id, to_user_id);
`;

/** What deactivated users held, on its way to somebody else. */
export class HandOvers1764200100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
