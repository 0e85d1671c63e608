import type { MigrationInterface, QueryRunner } from 'typeorm';

/** People sign in: sessions, passwords, the secrets of links, and what is done with rights over others. */
export class Sessions1764100000000 implements MigrationInterface {
  name = 'Sessions1764100000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE sessions (
  team_id uuid NOT NULL,
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  token_hash text NOT NULL,
  method text NOT NULL,
  user_agent text NOT NULL,
  created_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  CONSTRAINT pk_sessions PRIMARY KEY (team_id, id),
  CONSTRAINT ck_sessions_method CHECK (method IN ('password', 'link')),
  CONSTRAINT fk_sessions_team FOREIGN KEY (team_id) REFERENCES teams (id) ON DELETE CASCADE,
  CONSTRAINT fk_sessions_user FOREIGN KEY (team_id, user_id) REFERENCES users (team_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX uq_sessions_token ON sessions (token_hash);
CREATE INDEX ix_sessions_user ON sessions (team_id, user_id);
CREATE INDEX ix_sessions_expiry ON sessions (expires_at);

CREATE TABLE user_passwords (
  team_id uuid NOT NULL,
  user_id uuid NOT NULL,
  hash text NOT NULL,
  set_at timestamptz NOT NULL,
  CONSTRAINT pk_user_passwords PRIMARY KEY (team_id, user_id),
  CONSTRAINT fk_user_passwords_user FOREIGN KEY (team_id, user_id) REFERENCES users (team_id, id) ON DELETE CASCADE
);

CREATE TABLE account_tokens (
  team_id uuid NOT NULL,
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  purpose text NOT NULL,
  token_hash text NOT NULL,
  uses_left integer NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  CONSTRAINT pk_account_tokens PRIMARY KEY (team_id, id),
  CONSTRAINT ck_account_tokens_purpose CHECK (purpose IN ('invitation', 'password_reset', 'sign_in')),
  CONSTRAINT fk_account_tokens_team FOREIGN KEY (team_id) REFERENCES teams (id) ON DELETE CASCADE,
  CONSTRAINT fk_account_tokens_user FOREIGN KEY (team_id, user_id) REFERENCES users (team_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX uq_account_tokens_hash ON account_tokens (token_hash);
CREATE INDEX ix_account_tokens_user ON account_tokens (team_id, user_id);
CREATE INDEX ix_account_tokens_expiry ON account_tokens (expires_at);

CREATE TABLE audit_entries (
  team_id uuid NOT NULL,
  id uuid NOT NULL,
  at timestamptz NOT NULL,
  actor text NOT NULL,
  action text NOT NULL,
  target_type text,
  target_id text,
  details jsonb NOT NULL DEFAULT '{}',
  CONSTRAINT pk_audit_entries PRIMARY KEY (team_id, id),
  CONSTRAINT fk_audit_entries_team FOREIGN KEY (team_id) REFERENCES teams (id) ON DELETE CASCADE
);
CREATE INDEX ix_audit_entries_actor ON audit_entries (team_id, actor, id);
CREATE INDEX ix_audit_entries_action ON audit_entries (team_id, action, id);

-- Who signs in says an address, not a team.
CREATE INDEX ix_users_email ON users (email);
`);
  }

  // Forward only: a mistake is mended by the next migration.
  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
