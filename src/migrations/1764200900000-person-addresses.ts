import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
CREATE TABLE person_addresses (
  team_id uuid NOT NULL,
  email text NOT NULL,
  person_id uuid NOT NULL,
  main boolean NOT NULL,
  CONSTRAINT pk_person_addresses PRIMARY KEY (team_id, email),
  CONSTRAINT fk_person_addresses_person FOREIGN KEY (team_id, person_id) REFERENCES people (team_id, id)
    ON DELETE CASCADE
);
INSERT INTO person_addresses (team_id, email, person_id, main)
SELECT team_id, email, id, true FROM people WHERE email IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX ix_person_addresses_person ON person_addresses (team_id, person_id);
CREATE INDEX ix_person_addresses_search ON person_addresses USING gin (team_id, email gin_trgm_ops) WHERE NOT main;
`;

/** Every address is one person's, the main one or another of theirs. */
export class PersonAddresses1764200900000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
