import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
ALTER TABLE delivery_channels
  ADD return_path_domain text,
  ADD connections integer NOT NULL DEFAULT 5,
  ADD per_second integer,
  ADD per_minute integer,
  ADD per_domain_per_minute integer,
  ADD batch_size integer,
  ADD batch_wait_seconds integer,
  ADD per_day integer,
  ADD gap_min_ms integer,
  ADD gap_max_ms integer,
  ADD paused_at timestamptz,
  ADD CONSTRAINT ck_delivery_channels_limits CHECK (
    connections BETWEEN 1 AND 20 AND per_second > 0 AND per_minute > 0 AND per_domain_per_minute > 0
    AND batch_size > 0 AND batch_wait_seconds > 0 AND per_day > 0
    AND (batch_size IS NULL) = (batch_wait_seconds IS NULL)
    AND (gap_min_ms IS NULL) = (gap_max_ms IS NULL) AND gap_min_ms >= 0 AND gap_max_ms >= gap_min_ms);
CREATE UNIQUE INDEX uq_delivery_channels_id ON delivery_channels (id);

CREATE TABLE delivery_channel_paces (
  team_id uuid NOT NULL,
  channel_id uuid NOT NULL,
  not_before timestamptz,
  waiting_for text,
  gap_until timestamptz,
  failures integer NOT NULL DEFAULT 0,
  stopped_at timestamptz,
  trouble text,
  CONSTRAINT pk_delivery_channel_paces PRIMARY KEY (team_id, channel_id),
  CONSTRAINT ck_delivery_channel_paces_waiting_for CHECK (
    waiting_for IN ('per_second', 'per_minute', 'batch', 'per_day', 'gap', 'server')),
  CONSTRAINT ck_delivery_channel_paces_waiting CHECK ((not_before IS NULL) = (waiting_for IS NULL)),
  CONSTRAINT fk_delivery_channel_paces_channel FOREIGN KEY (team_id, channel_id)
    REFERENCES delivery_channels (team_id, id) ON DELETE CASCADE
);
INSERT INTO delivery_channel_paces (team_id, channel_id) SELECT team_id, id FROM delivery_channels;
`;

/** How fast a channel may send, whether it is paused, and what it waits for. */
export class ChannelLimits1764201000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
