import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
CREATE TABLE person_notes (
  team_id uuid NOT NULL,
  id uuid NOT NULL,
  person_id uuid NOT NULL,
  author text NOT NULL,
  text text NOT NULL,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  edited_at timestamptz,
  CONSTRAINT pk_person_notes PRIMARY KEY (team_id, id),
  CONSTRAINT fk_person_notes_person FOREIGN KEY (team_id, person_id) REFERENCES people (team_id, id) ON DELETE CASCADE
);
CREATE INDEX ix_person_notes_person ON person_notes (team_id, person_id, id);
`;

/** What users write down about people. */
export class PersonNotes1764200910000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
