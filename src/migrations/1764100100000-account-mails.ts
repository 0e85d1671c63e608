import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Invitations and links for new passwords that are to be mailed. */
export class AccountMails1764100100000 implements MigrationInterface {
  name = 'AccountMails1764100100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE account_mails (
  team_id uuid NOT NULL,
  user_id uuid NOT NULL,
  kind text NOT NULL,
  request uuid NOT NULL,
  not_before timestamptz NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  last_error text,
  given_up_at timestamptz,
  CONSTRAINT pk_account_mails PRIMARY KEY (team_id, user_id, kind),
  CONSTRAINT ck_account_mails_kind CHECK (kind IN ('invitation', 'password_reset')),
  CONSTRAINT fk_account_mails_team FOREIGN KEY (team_id) REFERENCES teams (id) ON DELETE CASCADE,
  CONSTRAINT fk_account_mails_user FOREIGN KEY (team_id, user_id) REFERENCES users (team_id, id) ON DELETE CASCADE
);
CREATE INDEX ix_account_mails_due ON account_mails (not_before, team_id) WHERE given_up_at IS NULL;
`);
  }

  // Forward only: a mistake is mended by the next migration.
  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
