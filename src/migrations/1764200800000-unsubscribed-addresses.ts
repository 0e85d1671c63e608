import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
CREATE TABLE unsubscribed_addresses (
  team_id uuid NOT NULL,
  email text NOT NULL,
  at timestamptz NOT NULL,
  CONSTRAINT pk_unsubscribed_addresses PRIMARY KEY (team_id, email),
  CONSTRAINT fk_unsubscribed_addresses_team FOREIGN KEY (team_id) REFERENCES teams (id) ON DELETE CASCADE
);
`;

/** Addresses that are not written to, whoever has them. */
export class UnsubscribedAddresses1764200800000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
