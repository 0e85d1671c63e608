import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Two edits of one bulk email must not overwrite each other unseen. */
export class EmailBatchVersions1764201810000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE email_batches ADD COLUMN version integer NOT NULL DEFAULT 1');
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
