import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
ALTER TABLE people
  ADD COLUMN first_name text,
  ADD COLUMN last_name text,
  ADD COLUMN title text,
  ADD COLUMN company text,
  ADD COLUMN phone text,
  ADD COLUMN time_zone text,
  ADD COLUMN custom jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN unsubscribed_at timestamptz;

CREATE TABLE person_unsubscribes (
  team_id uuid NOT NULL,
  id uuid NOT NULL,
  person_id uuid NOT NULL,
  what text NOT NULL,
  source text NOT NULL,
  reason text,
  actor text,
  email_id uuid,
  at timestamptz NOT NULL,
  CONSTRAINT pk_person_unsubscribes PRIMARY KEY (team_id, id),
  CONSTRAINT ck_person_unsubscribes_what CHECK (what IN ('unsubscribed', 'resubscribed')),
  CONSTRAINT ck_person_unsubscribes_source CHECK (source IN ('manual', 'link', 'salesforce', 'bounce', 'complaint', 'import')),
  CONSTRAINT fk_person_unsubscribes_person FOREIGN KEY (team_id, person_id) REFERENCES people (team_id, id)
    ON DELETE CASCADE
);
CREATE INDEX ix_person_unsubscribes_person ON person_unsubscribes (team_id, person_id, id);

CREATE TABLE blocked_domains (
  team_id uuid NOT NULL,
  domain text NOT NULL,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  CONSTRAINT pk_blocked_domains PRIMARY KEY (team_id, domain),
  CONSTRAINT fk_blocked_domains_team FOREIGN KEY (team_id) REFERENCES teams (id) ON DELETE CASCADE
);
`;

/** What emails say of people, and who is not to get any. */
export class PeopleDetails1764200500000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
