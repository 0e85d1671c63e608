import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
CREATE TABLE delivery_channel_grants (
  team_id uuid NOT NULL,
  channel_id uuid NOT NULL,
  provider text NOT NULL,
  refresh_token_sealed text NOT NULL,
  access_token_sealed text NOT NULL,
  got_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  CONSTRAINT pk_delivery_channel_grants PRIMARY KEY (team_id, channel_id),
  CONSTRAINT fk_delivery_channel_grants_channel FOREIGN KEY (team_id, channel_id)
    REFERENCES delivery_channels (team_id, id) ON DELETE CASCADE,
  CONSTRAINT ck_delivery_channel_grants_provider CHECK (provider IN ('google', 'microsoft'))
);

CREATE TABLE mail_account_attempts (
  state_hash text NOT NULL,
  team_id uuid NOT NULL,
  user_id uuid NOT NULL,
  provider text NOT NULL,
  for_team boolean NOT NULL,
  code_verifier text NOT NULL,
  expires_at timestamptz NOT NULL,
  CONSTRAINT pk_mail_account_attempts PRIMARY KEY (state_hash),
  CONSTRAINT fk_mail_account_attempts_user FOREIGN KEY (team_id, user_id)
    REFERENCES users (team_id, id) ON DELETE CASCADE
);
`;

/** Channels that log in with a provider's permission instead of a password. */
export class MailAccounts1764201400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
