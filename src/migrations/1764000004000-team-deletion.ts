import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A team can be deleted: marked at once, removed in the background. */
export class TeamDeletion1764000004000 implements MigrationInterface {
  name = 'TeamDeletion1764000004000';

  async up(runner: QueryRunner): Promise<void> {
    // A new column without a default rewrites nothing; the table has a row a team.
    await runner.query(`
ALTER TABLE teams ADD COLUMN deleted_at timestamptz;

CREATE INDEX ix_teams_deleted ON teams (deleted_at) WHERE deleted_at IS NOT NULL;
`);
  }

  // Forward only: a mistake is mended by the next migration.
  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
