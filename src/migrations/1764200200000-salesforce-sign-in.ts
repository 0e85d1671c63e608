import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
ALTER TABLE sessions DROP CONSTRAINT ck_sessions_method;
ALTER TABLE sessions ADD CONSTRAINT ck_sessions_method CHECK (method IN ('password', 'link', 'salesforce'));
`;

/** Sessions that begin with a log-in at Salesforce. */
export class SalesforceSignIn1764200200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
