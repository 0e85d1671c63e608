import type { MigrationInterface, QueryRunner } from 'typeorm';

// Of what is there already, what most of its emails say.
const UP = `
ALTER TABLE email_batches ADD COLUMN content_id uuid;
UPDATE email_batches b SET content_id = (
  SELECT e.content_id FROM emails e WHERE e.team_id = b.team_id AND e.batch_id = b.id
  GROUP BY e.content_id ORDER BY count(*) DESC, min(e.id::text) LIMIT 1);
DELETE FROM email_batches WHERE content_id IS NULL;
ALTER TABLE email_batches ALTER COLUMN content_id SET NOT NULL,
  ADD CONSTRAINT fk_email_batches_content FOREIGN KEY (team_id, content_id) REFERENCES email_contents (team_id, id);
CREATE INDEX ix_email_batches_content ON email_batches (team_id, content_id);
`;

/** What all of a bulk send get, apart from what single ones get instead: a bulk edit goes on from there. */
export class EmailBatchContents1764201820000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
