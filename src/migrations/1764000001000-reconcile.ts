import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The reconcile (its runs, its schedule) and alarms on improbable absence. */
export class Reconcile1764000001000 implements MigrationInterface {
  name = 'Reconcile1764000001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(sql);
  }

  // Forward only: a mistake is mended by the next migration.
  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}

const sql = `
ALTER TABLE salesforce_org_states ADD COLUMN next_reconcile_at timestamptz;

CREATE INDEX ix_salesforce_org_states_next_reconcile ON salesforce_org_states (next_reconcile_at)
  WHERE next_reconcile_at IS NOT NULL;

-- Orgs that sync already: their first one within a week, spread.
UPDATE salesforce_org_states SET next_reconcile_at = now() + random() * interval '7 days' WHERE next_pull_at IS NOT NULL;

ALTER TABLE task_sync_enrolments ADD COLUMN read_scope text;

UPDATE task_sync_enrolments SET read_scope = scope WHERE state = 'synced';

CREATE TABLE sync_alarms (
  team_id uuid NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL,
  state text NOT NULL DEFAULT 'open',
  asked integer NOT NULL,
  absent integer NOT NULL,
  sees_all boolean,
  at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  look_at timestamptz,
  look_after uuid,
  decided_by text,
  decided_at timestamptz,
  CONSTRAINT ck_sync_alarms_state CHECK (state IN ('open', 'confirmed', 'dismissed', 'over')),
  CONSTRAINT ck_sync_alarms_kind CHECK (kind IN ('improbable_absence')),
  CONSTRAINT pk_sync_alarms PRIMARY KEY (team_id, id)
);

CREATE UNIQUE INDEX uq_sync_alarms_live ON sync_alarms (team_id, kind) WHERE state IN ('open', 'dismissed');

CREATE INDEX ix_sync_alarms_look ON sync_alarms (look_at) WHERE look_at IS NOT NULL;

CREATE TABLE sync_absences (
  team_id uuid NOT NULL,
  alarm_id uuid NOT NULL,
  task_id uuid NOT NULL,
  since timestamptz NOT NULL,
  confirmed boolean NOT NULL DEFAULT false,
  settled_at timestamptz,
  CONSTRAINT pk_sync_absences PRIMARY KEY (team_id, alarm_id, task_id)
);

CREATE UNIQUE INDEX uq_sync_absences_held ON sync_absences (team_id, task_id) WHERE settled_at IS NULL;

ALTER TABLE sync_alarms ADD CONSTRAINT fk_sync_alarms_team FOREIGN KEY (team_id) REFERENCES teams(id) ON DELETE CASCADE ON UPDATE NO ACTION;

ALTER TABLE sync_absences ADD CONSTRAINT fk_sync_absences_alarm FOREIGN KEY (team_id, alarm_id) REFERENCES sync_alarms(team_id,id) ON DELETE CASCADE ON UPDATE NO ACTION;

ALTER TABLE sync_absences ADD CONSTRAINT fk_sync_absences_task FOREIGN KEY (team_id, task_id) REFERENCES tasks(team_id,id) ON DELETE CASCADE ON UPDATE NO ACTION;

CREATE INDEX ix_sync_runs_reconcile ON sync_runs (team_id, id) WHERE kind = 'reconcile';

CREATE UNIQUE INDEX uq_sync_runs_reconcile_running ON sync_runs (team_id) WHERE kind = 'reconcile' AND status = 'running';

-- Last, so that the lock is short.
ALTER TABLE sync_runs DROP CONSTRAINT ck_sync_runs_kind;

ALTER TABLE sync_runs ADD CONSTRAINT ck_sync_runs_kind
  CHECK (kind IN ('first_sync', 'pull', 'push', 'reconcile')) NOT VALID;

ALTER TABLE sync_runs VALIDATE CONSTRAINT ck_sync_runs_kind;
`;
