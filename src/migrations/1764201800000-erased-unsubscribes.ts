import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
CREATE TABLE erasure_keys (
  team_id uuid NOT NULL,
  key_sealed text NOT NULL,
  CONSTRAINT pk_erasure_keys PRIMARY KEY (team_id),
  CONSTRAINT fk_erasure_keys_team FOREIGN KEY (team_id) REFERENCES teams (id) ON DELETE CASCADE
);
CREATE TABLE erased_unsubscribes (
  team_id uuid NOT NULL,
  digest bytea NOT NULL,
  at timestamptz NOT NULL,
  CONSTRAINT pk_erased_unsubscribes PRIMARY KEY (team_id, digest),
  CONSTRAINT fk_erased_unsubscribes_team FOREIGN KEY (team_id) REFERENCES teams (id) ON DELETE CASCADE
);
`;

/** Whoever unsubscribed is not written to after they were erased either, though nobody can read who that is. */
export class ErasedUnsubscribes1764201800000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
