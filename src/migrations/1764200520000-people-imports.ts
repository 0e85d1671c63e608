import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
CREATE TABLE people_imports (
  team_id uuid NOT NULL,
  id uuid NOT NULL,
  owner_id uuid NOT NULL,
  state text NOT NULL DEFAULT 'uploading',
  headers jsonb NOT NULL DEFAULT '[]',
  total integer NOT NULL DEFAULT 0,
  mapping jsonb NOT NULL DEFAULT '{}',
  dry_run boolean NOT NULL DEFAULT false,
  shared boolean NOT NULL DEFAULT false,
  position integer NOT NULL DEFAULT 0,
  counts jsonb NOT NULL DEFAULT '{}',
  stopped_because text,
  created_at timestamptz NOT NULL,
  started_at timestamptz,
  finished_at timestamptz,
  CONSTRAINT pk_people_imports PRIMARY KEY (team_id, id),
  CONSTRAINT ck_people_imports_state CHECK (state IN ('uploading', 'uploaded', 'running', 'done', 'stopped')),
  CONSTRAINT fk_people_imports_team FOREIGN KEY (team_id) REFERENCES teams (id) ON DELETE CASCADE,
  CONSTRAINT fk_people_imports_owner FOREIGN KEY (team_id, owner_id) REFERENCES users (team_id, id)
);
CREATE INDEX ix_people_imports_running ON people_imports (started_at, team_id) WHERE state = 'running';

CREATE TABLE people_import_rows (
  team_id uuid NOT NULL,
  import_id uuid NOT NULL,
  row integer NOT NULL,
  cells jsonb NOT NULL,
  email text,
  outcome text,
  reason text,
  person_id uuid,
  CONSTRAINT pk_people_import_rows PRIMARY KEY (team_id, import_id, row),
  CONSTRAINT ck_people_import_rows_outcome CHECK (outcome IN ('created', 'updated', 'unchanged', 'refused')),
  CONSTRAINT fk_people_import_rows_import FOREIGN KEY (team_id, import_id) REFERENCES people_imports (team_id, id)
    ON DELETE CASCADE
);
CREATE INDEX ix_people_import_rows_email ON people_import_rows (team_id, import_id, email) WHERE email IS NOT NULL;
CREATE INDEX ix_people_import_rows_outcome ON people_import_rows (team_id, import_id, outcome, row);
`;

/** People from a CSV file: its rows, and what became of each. */
export class PeopleImports1764200520000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
