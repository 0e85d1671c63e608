import type { MigrationInterface, QueryRunner } from 'typeorm';

// The table holds an hour of lines at most: checking them anew takes no time.
const UP = `
ALTER TABLE live_events DROP CONSTRAINT ck_live_events_name,
  ADD CONSTRAINT ck_live_events_name CHECK (name IN ('task', 'sync', 'email'));
`;

/** Open pages hear of emails, too. */
export class LiveEmails1764201200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
