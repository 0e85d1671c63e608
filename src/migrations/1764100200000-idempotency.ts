import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The first answers to requests with an Idempotency-Key. */
export class Idempotency1764100200000 implements MigrationInterface {
  name = 'Idempotency1764100200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE kept_answers (
  team_id uuid NOT NULL,
  actor text NOT NULL,
  key text NOT NULL,
  request_hash text NOT NULL,
  status smallint NOT NULL,
  headers jsonb NOT NULL,
  body text NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT pk_kept_answers PRIMARY KEY (team_id, actor, key)
);

CREATE INDEX ix_kept_answers_created ON kept_answers (created_at);

ALTER TABLE kept_answers ADD CONSTRAINT fk_kept_answers_team FOREIGN KEY (team_id) REFERENCES teams(id) ON DELETE CASCADE ON UPDATE NO ACTION;
`);
  }

  // Forward only: a mistake is mended by the next migration.
  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
