import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
CREATE TABLE live_events (
  team_id uuid NOT NULL,
  xid bigint NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  name text NOT NULL,
  data jsonb NOT NULL,
  audience uuid[],
  at timestamptz NOT NULL,
  CONSTRAINT ck_live_events_name CHECK (name IN ('task', 'sync')),
  CONSTRAINT pk_live_events PRIMARY KEY (team_id, xid, id)
);

CREATE INDEX ix_live_events_order ON live_events (xid, id);

CREATE TABLE live_feed_start (
  one boolean NOT NULL,
  xid bigint NOT NULL,
  id bigint NOT NULL,
  CONSTRAINT ck_live_feed_start_one CHECK (one),
  CONSTRAINT pk_live_feed_start PRIMARY KEY (one)
);

INSERT INTO live_feed_start (one, xid, id) VALUES (true, 0, 0);
`;

/** The feed that open pages follow. */
export class LiveEvents1764100300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
