import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
CREATE TABLE person_authorizations (
  team_id uuid NOT NULL,
  id uuid NOT NULL,
  person_id uuid NOT NULL,
  type text,
  source text,
  consented_on date,
  purpose text,
  actor text NOT NULL,
  at timestamptz NOT NULL,
  CONSTRAINT pk_person_authorizations PRIMARY KEY (team_id, id),
  CONSTRAINT ck_person_authorizations_type CHECK (type IN ('consent', 'legitimate_interest', 'contract', 'other')),
  CONSTRAINT fk_person_authorizations_person FOREIGN KEY (team_id, person_id) REFERENCES people (team_id, id)
    ON DELETE CASCADE
);
CREATE INDEX ix_person_authorizations_person ON person_authorizations (team_id, person_id, id);
`;

/** Why the team may write to people, and who said so when. */
export class PersonAuthorizations1764200920000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
