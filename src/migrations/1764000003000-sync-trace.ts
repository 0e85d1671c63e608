import type { MigrationInterface, QueryRunner } from 'typeorm';

// New columns without a default rewrite nothing; the new table is empty.
const UP = `
ALTER TABLE sync_conflicts ADD COLUMN reason text, ADD COLUMN there_actor text, ADD COLUMN restored_at timestamptz, ADD COLUMN restored_by text;

ALTER TABLE sync_problems ADD COLUMN ignored_at timestamptz, ADD COLUMN ignored_by text;

CREATE INDEX ix_sync_problems_task ON sync_problems (team_id, task_id, id);

CREATE TABLE sync_attempts (
  team_id uuid NOT NULL,
  task_id uuid NOT NULL,
  id uuid NOT NULL,
  at timestamptz NOT NULL,
  operation text NOT NULL,
  outcome text NOT NULL,
  code text,
  message text,
  fields text[] NOT NULL DEFAULT '{}',
  salesforce_id text,
  CONSTRAINT ck_sync_attempts_operation CHECK (operation IN ('create', 'update', 'delete', 'restore', 'import', 'merge')),
  CONSTRAINT ck_sync_attempts_outcome CHECK (outcome IN ('done', 'refused', 'failed', 'unknown')),
  CONSTRAINT pk_sync_attempts PRIMARY KEY (team_id, task_id, id)
);

CREATE INDEX ix_sync_attempts_at ON sync_attempts USING brin (at) WITH (pages_per_range = 32, autosummarize = on);

ALTER TABLE sync_attempts ADD CONSTRAINT fk_sync_attempts_task FOREIGN KEY (team_id, task_id) REFERENCES tasks(team_id,id) ON DELETE CASCADE ON UPDATE NO ACTION;
`;

/** What was tried for each task, who lost and who brought back which edit, which problems are left alone. */
export class SyncTrace1764000003000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
