import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where the team has a person from. */
export class PersonSource1764201830000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE people ADD COLUMN source text');
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
