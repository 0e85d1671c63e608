import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
CREATE TABLE set_aside_rows (
  team_id uuid NOT NULL,
  place text NOT NULL,
  source text NOT NULL,
  key text NOT NULL,
  row jsonb NOT NULL,
  CONSTRAINT pk_set_aside_rows PRIMARY KEY (team_id, place, source, key)
);
ALTER TABLE salesforce_connections ADD COLUMN org_name text;
ALTER TABLE salesforce_connections ADD COLUMN is_sandbox boolean;
ALTER TABLE salesforce_oauth_attempts ADD COLUMN leave_org text;
`;

/** What holds in one Salesforce org only is set aside when a team leaves it for another. */
export class OrgSwitch1764200400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
