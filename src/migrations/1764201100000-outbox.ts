import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
ALTER TABLE delivery_channel_paces ADD COLUMN looked_at timestamptz;

CREATE TABLE email_contents (
  team_id uuid NOT NULL,
  id uuid NOT NULL,
  subject text NOT NULL,
  body text NOT NULL,
  CONSTRAINT pk_email_contents PRIMARY KEY (team_id, id),
  CONSTRAINT fk_email_contents_team FOREIGN KEY (team_id) REFERENCES teams (id) ON DELETE CASCADE
);

CREATE TABLE email_batches (
  team_id uuid NOT NULL,
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  kind text NOT NULL,
  subject text NOT NULL,
  emails integer NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT pk_email_batches PRIMARY KEY (team_id, id),
  CONSTRAINT ck_email_batches_kind CHECK (kind IN ('select', 'group')),
  CONSTRAINT fk_email_batches_user FOREIGN KEY (team_id, user_id) REFERENCES users (team_id, id) ON DELETE CASCADE
);
CREATE INDEX ix_email_batches_user ON email_batches (team_id, user_id);

CREATE TABLE emails (
  team_id uuid NOT NULL,
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  kind text NOT NULL,
  batch_id uuid,
  person_id uuid,
  identity_id uuid,
  channel_id uuid,
  template_id uuid,
  content_id uuid NOT NULL,
  reply_to_id uuid,
  to_name text NOT NULL,
  to_address text,
  cc text[] NOT NULL DEFAULT '{}',
  bcc text[] NOT NULL DEFAULT '{}',
  subject text NOT NULL,
  commercial boolean NOT NULL DEFAULT true,
  state text NOT NULL,
  folder text,
  state_at timestamptz NOT NULL,
  send_at timestamptz,
  time_zone text,
  due_at timestamptz,
  attempt_id uuid,
  attempts integer NOT NULL DEFAULT 0,
  reason text,
  reason_detail text,
  success_at timestamptz,
  sent_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT pk_emails PRIMARY KEY (team_id, id),
  CONSTRAINT ck_emails_kind CHECK (kind IN ('single', 'select', 'group')),
  CONSTRAINT ck_emails_state CHECK (state IN ('draft', 'scheduled', 'in_progress', 'delivered', 'archived', 'failed',
    'uncertain', 'bounced', 'spam', 'deleted')),
  CONSTRAINT ck_emails_draft CHECK (state <> 'draft' OR kind = 'single'),
  CONSTRAINT ck_emails_due CHECK (state <> 'scheduled'
    OR (send_at IS NOT NULL AND due_at IS NOT NULL AND channel_id IS NOT NULL AND identity_id IS NOT NULL)),
  CONSTRAINT ck_emails_attempt CHECK (state <> 'in_progress' OR attempt_id IS NOT NULL),
  CONSTRAINT ck_emails_reason CHECK (reason IS NOT NULL OR state NOT IN ('failed', 'uncertain', 'bounced', 'spam')),
  CONSTRAINT fk_emails_user FOREIGN KEY (team_id, user_id) REFERENCES users (team_id, id) ON DELETE CASCADE,
  CONSTRAINT fk_emails_batch FOREIGN KEY (team_id, batch_id) REFERENCES email_batches (team_id, id),
  CONSTRAINT fk_emails_person FOREIGN KEY (team_id, person_id) REFERENCES people (team_id, id),
  CONSTRAINT fk_emails_identity FOREIGN KEY (team_id, identity_id) REFERENCES identities (team_id, id),
  CONSTRAINT fk_emails_channel FOREIGN KEY (team_id, channel_id) REFERENCES delivery_channels (team_id, id),
  CONSTRAINT fk_emails_content FOREIGN KEY (team_id, content_id) REFERENCES email_contents (team_id, id),
  CONSTRAINT fk_emails_reply_to FOREIGN KEY (team_id, reply_to_id) REFERENCES emails (team_id, id)
    ON DELETE CASCADE
);
CREATE INDEX ix_emails_folder ON emails (team_id, user_id, folder, state_at, id) WHERE folder IS NOT NULL;
CREATE INDEX ix_emails_send_at ON emails (team_id, user_id, send_at, id) WHERE folder = 'scheduled';
CREATE INDEX ix_emails_due ON emails (team_id, channel_id, due_at, id) WHERE state = 'scheduled';
CREATE INDEX ix_emails_in_progress ON emails (team_id, channel_id) WHERE state = 'in_progress';
CREATE INDEX ix_emails_batch ON emails (team_id, batch_id, folder, state_at, id);
CREATE INDEX ix_emails_person ON emails (team_id, person_id, id);
CREATE INDEX ix_emails_identity ON emails (team_id, identity_id);
CREATE INDEX ix_emails_content ON emails (team_id, content_id);
CREATE INDEX ix_emails_reply_to ON emails (team_id, reply_to_id);

CREATE TABLE email_attempts (
  team_id uuid NOT NULL,
  id uuid NOT NULL,
  email_id uuid NOT NULL,
  channel_id uuid NOT NULL,
  message_id text NOT NULL,
  subject text NOT NULL,
  html text NOT NULL,
  at timestamptz NOT NULL,
  data_at timestamptz,
  ended_at timestamptz,
  outcome text,
  response text,
  CONSTRAINT pk_email_attempts PRIMARY KEY (team_id, id),
  CONSTRAINT fk_email_attempts_email FOREIGN KEY (team_id, email_id) REFERENCES emails (team_id, id) ON DELETE CASCADE,
  CONSTRAINT fk_email_attempts_channel FOREIGN KEY (team_id, channel_id) REFERENCES delivery_channels (team_id, id)
);
CREATE INDEX ix_email_attempts_email ON email_attempts (team_id, email_id, at);
CREATE INDEX ix_email_attempts_pace ON email_attempts (team_id, channel_id, at);

CREATE TABLE email_events (
  team_id uuid NOT NULL,
  id uuid NOT NULL,
  email_id uuid NOT NULL,
  event text NOT NULL,
  at timestamptz NOT NULL,
  actor text,
  attempt_id uuid,
  detail text,
  CONSTRAINT pk_email_events PRIMARY KEY (team_id, id),
  CONSTRAINT fk_email_events_email FOREIGN KEY (team_id, email_id) REFERENCES emails (team_id, id) ON DELETE CASCADE
);
CREATE INDEX ix_email_events_email ON email_events (team_id, email_id, id);

CREATE TABLE email_folder_counts (
  team_id uuid NOT NULL,
  user_id uuid NOT NULL,
  folder text NOT NULL,
  emails bigint NOT NULL,
  CONSTRAINT pk_email_folder_counts PRIMARY KEY (team_id, user_id, folder),
  CONSTRAINT fk_email_folder_counts_user FOREIGN KEY (team_id, user_id) REFERENCES users (team_id, id) ON DELETE CASCADE
);

CREATE TABLE email_folder_changes (
  team_id uuid NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  user_id uuid NOT NULL,
  folder text NOT NULL,
  emails integer NOT NULL,
  CONSTRAINT pk_email_folder_changes PRIMARY KEY (team_id, user_id, id),
  CONSTRAINT fk_email_folder_changes_user FOREIGN KEY (team_id, user_id) REFERENCES users (team_id, id) ON DELETE CASCADE
);
`;

/** The emails: what was written, to whom, how it stands, each try to send it, its history, and the folders' counts. */
export class Outbox1764201100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
