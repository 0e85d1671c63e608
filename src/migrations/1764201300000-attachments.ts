import type { MigrationInterface, QueryRunner } from 'typeorm';

// EXTERNAL: what is attached is compressed already, as a rule.
const UP = `
CREATE TABLE files (
  team_id uuid NOT NULL,
  id uuid NOT NULL,
  user_id uuid,
  name text NOT NULL,
  media_type text NOT NULL,
  size integer NOT NULL DEFAULT 0,
  whole boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL,
  CONSTRAINT pk_files PRIMARY KEY (team_id, id),
  CONSTRAINT fk_files_team FOREIGN KEY (team_id) REFERENCES teams (id) ON DELETE CASCADE,
  CONSTRAINT fk_files_user FOREIGN KEY (team_id, user_id) REFERENCES users (team_id, id),
  CONSTRAINT ck_files_size CHECK (size >= 0)
);
CREATE INDEX ix_files_user ON files (team_id, user_id);
CREATE INDEX ix_files_created ON files (created_at, id);

CREATE TABLE file_chunks (
  team_id uuid NOT NULL,
  file_id uuid NOT NULL,
  position integer NOT NULL,
  bytes bytea NOT NULL,
  CONSTRAINT pk_file_chunks PRIMARY KEY (team_id, file_id, position),
  CONSTRAINT fk_file_chunks_file FOREIGN KEY (team_id, file_id) REFERENCES files (team_id, id) ON DELETE CASCADE
);
ALTER TABLE file_chunks ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE TABLE email_content_attachments (
  team_id uuid NOT NULL,
  content_id uuid NOT NULL,
  position integer NOT NULL,
  file_id uuid NOT NULL,
  tracked boolean NOT NULL,
  CONSTRAINT pk_email_content_attachments PRIMARY KEY (team_id, content_id, position),
  CONSTRAINT fk_email_content_attachments_content FOREIGN KEY (team_id, content_id)
    REFERENCES email_contents (team_id, id) ON DELETE CASCADE,
  CONSTRAINT fk_email_content_attachments_file FOREIGN KEY (team_id, file_id) REFERENCES files (team_id, id)
);
CREATE INDEX ix_email_content_attachments_file ON email_content_attachments (team_id, file_id);

CREATE TABLE template_attachments (
  team_id uuid NOT NULL,
  template_id uuid NOT NULL,
  position integer NOT NULL,
  file_id uuid NOT NULL,
  tracked boolean NOT NULL,
  CONSTRAINT pk_template_attachments PRIMARY KEY (team_id, template_id, position),
  CONSTRAINT fk_template_attachments_template FOREIGN KEY (team_id, template_id)
    REFERENCES templates (team_id, id) ON DELETE CASCADE,
  CONSTRAINT fk_template_attachments_file FOREIGN KEY (team_id, file_id) REFERENCES files (team_id, id)
);
CREATE INDEX ix_template_attachments_file ON template_attachments (team_id, file_id);
`;

/** Files, and which of them go with what is written. */
export class Attachments1764201300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
