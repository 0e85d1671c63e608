import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
CREATE INDEX ix_emails_created ON emails (team_id, user_id, folder, created_at, id) WHERE folder IS NOT NULL;
CREATE INDEX ix_emails_sent ON emails (team_id, user_id, folder, (coalesce(sent_at, '-infinity'::timestamptz)), id)
  WHERE folder IN ('delivered', 'archived');
CREATE INDEX ix_emails_template ON emails (team_id, template_id, user_id, state)
  INCLUDE (reason, send_at, sent_at, success_at) WHERE template_id IS NOT NULL;

CREATE TABLE email_column_sets (
  team_id uuid NOT NULL,
  user_id uuid NOT NULL,
  folder text NOT NULL,
  columns text[] NOT NULL,
  sort text NOT NULL,
  rows_per_page integer NOT NULL,
  roll_up boolean NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT pk_email_column_sets PRIMARY KEY (team_id, user_id, folder),
  CONSTRAINT fk_email_column_sets_user FOREIGN KEY (team_id, user_id) REFERENCES users (team_id, id) ON DELETE CASCADE
);
`;

/**
 * How each user has the lists of their emails: columns, order, size of a page; the indexes of two more orders, and one
 * that counts what became of the emails of a template.
 */
export class EmailColumns1764201500000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
