import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
ALTER TABLE people_import_rows ADD COLUMN record_id text;
CREATE INDEX ix_people_import_rows_record ON people_import_rows (team_id, import_id, record_id) WHERE record_id IS NOT NULL;
`;

/** A try meets by their records, too, whom it would have made before. */
export class PeopleImportRowRecords1764201851000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
