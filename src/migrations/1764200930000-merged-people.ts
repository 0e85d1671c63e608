import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
ALTER TABLE people ADD COLUMN merged_into uuid;
CREATE INDEX ix_people_merged_into ON people (team_id, merged_into) WHERE merged_into IS NOT NULL;
`;

/** Who turned out to be somebody else is kept as a row that says who. */
export class MergedPeople1764200930000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
