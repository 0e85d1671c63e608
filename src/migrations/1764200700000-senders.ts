import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
CREATE TABLE delivery_channels (
  team_id uuid NOT NULL,
  id uuid NOT NULL,
  owner_id uuid,
  name text NOT NULL,
  host text NOT NULL,
  port integer NOT NULL,
  security text NOT NULL,
  username text,
  password_sealed text,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  deleted_at timestamptz,
  CONSTRAINT pk_delivery_channels PRIMARY KEY (team_id, id),
  CONSTRAINT ck_delivery_channels_security CHECK (security IN ('tls', 'starttls', 'none')),
  CONSTRAINT ck_delivery_channels_port CHECK (port BETWEEN 1 AND 65535),
  CONSTRAINT fk_delivery_channels_team FOREIGN KEY (team_id) REFERENCES teams (id) ON DELETE CASCADE,
  CONSTRAINT fk_delivery_channels_owner FOREIGN KEY (team_id, owner_id) REFERENCES users (team_id, id)
);
CREATE INDEX ix_delivery_channels_owner ON delivery_channels (team_id, owner_id);

CREATE TABLE identities (
  team_id uuid NOT NULL,
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  channel_id uuid,
  email text NOT NULL,
  name text NOT NULL,
  signature text,
  is_default boolean NOT NULL DEFAULT false,
  verified_at timestamptz,
  code_hash text,
  code_expires_at timestamptz,
  code_tries integer NOT NULL DEFAULT 0,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  deleted_at timestamptz,
  CONSTRAINT pk_identities PRIMARY KEY (team_id, id),
  CONSTRAINT fk_identities_user FOREIGN KEY (team_id, user_id) REFERENCES users (team_id, id) ON DELETE CASCADE,
  CONSTRAINT fk_identities_channel FOREIGN KEY (team_id, channel_id) REFERENCES delivery_channels (team_id, id)
);
CREATE UNIQUE INDEX uq_identities_email ON identities (team_id, user_id, email) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX uq_identities_default ON identities (team_id, user_id) WHERE is_default AND deleted_at IS NULL;
CREATE INDEX ix_identities_channel ON identities (team_id, channel_id);
`;

/** Who emails go out as, and by which mail server. */
export class Senders1764200700000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
