import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Writes whose answers were lost are remembered for as long as they may still commit. */
export class WritesInDoubt1764000000500 implements MigrationInterface {
  name = 'WritesInDoubt1764000000500';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE task_links ADD COLUMN doubts jsonb');
  }

  // Forward only: a mistake is mended by the next migration.
  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
