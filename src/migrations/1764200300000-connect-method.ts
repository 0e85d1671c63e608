import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
ALTER TABLE salesforce_connections ADD COLUMN method text NOT NULL DEFAULT 'web';
ALTER TABLE salesforce_connections ADD CONSTRAINT ck_salesforce_connections_method CHECK (method IN ('web', 'jwt'));
UPDATE salesforce_connections SET refresh_token = NULL WHERE refresh_token = '';
`;

/** Connections whose log-in is our own signature. */
export class ConnectMethod1764200300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
