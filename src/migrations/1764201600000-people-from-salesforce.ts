import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
ALTER TABLE people_imports ADD COLUMN source text NOT NULL DEFAULT 'file';
ALTER TABLE people_imports ADD CONSTRAINT ck_people_imports_source CHECK (source IN ('file', 'salesforce'));

CREATE TABLE salesforce_people_reads (
  team_id uuid NOT NULL,
  import_id uuid NOT NULL,
  connection_id uuid NOT NULL,
  queries jsonb NOT NULL,
  nth integer NOT NULL DEFAULT 0,
  after_id text,
  created_at timestamptz NOT NULL,
  CONSTRAINT pk_salesforce_people_reads PRIMARY KEY (team_id, import_id),
  CONSTRAINT fk_salesforce_people_reads_import FOREIGN KEY (team_id, import_id)
    REFERENCES people_imports (team_id, id) ON DELETE CASCADE
);
CREATE INDEX ix_salesforce_people_reads_connection ON salesforce_people_reads (connection_id, created_at);
`;

/** People can be read from Salesforce, too. */
export class PeopleFromSalesforce1764201600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
