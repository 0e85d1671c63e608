import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The admin's share of the org's API calls, what is held back by it, and our calls by hour and purpose. */
export class ApiBudget1764000002000 implements MigrationInterface {
  name = 'ApiBudget1764000002000';

  async up(runner: QueryRunner): Promise<void> {
    // Constant defaults: no table is rewritten. The table has a row an org.
    await runner.query(`
ALTER TABLE salesforce_org_states
  ADD COLUMN api_share_percent smallint NOT NULL DEFAULT '80',
  ADD COLUMN api_reserve_percent smallint NOT NULL DEFAULT '10',
  ADD COLUMN api_holds jsonb,
  ADD CONSTRAINT ck_salesforce_org_states_api_budget
    CHECK (api_share_percent BETWEEN 1 AND 100 AND api_reserve_percent >= 0 AND api_reserve_percent < api_share_percent);

CREATE TABLE salesforce_api_calls (
  team_id uuid NOT NULL,
  connection_id uuid NOT NULL,
  hour timestamptz NOT NULL,
  purpose text NOT NULL,
  calls integer NOT NULL,
  CONSTRAINT pk_salesforce_api_calls PRIMARY KEY (team_id, connection_id, hour, purpose),
  CONSTRAINT fk_salesforce_api_calls_connection FOREIGN KEY (team_id, connection_id)
    REFERENCES salesforce_connections (team_id, id) ON DELETE CASCADE
);
`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}
