import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A read that fails for ever ends. */
export class PeopleReadTries1764201850000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE salesforce_people_reads ADD COLUMN tries integer NOT NULL DEFAULT 0');
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
