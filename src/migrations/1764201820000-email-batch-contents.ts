import type { MigrationInterface, QueryRunner } from 'typeorm';

// Of what is there already, what most of its emails say under its subject. Where two say it equally often, one may be a
// single person's: then it is not known, as of those that an older process makes meanwhile.
const UP = `
ALTER TABLE email_batches ADD COLUMN content_id uuid,
  ADD CONSTRAINT fk_email_batches_content FOREIGN KEY (team_id, content_id) REFERENCES email_contents (team_id, id)
    ON DELETE SET NULL (content_id);
WITH said AS (
  SELECT e.team_id, e.batch_id, e.content_id, count(*) AS emails
  FROM emails e JOIN email_batches b ON b.team_id = e.team_id AND b.id = e.batch_id
  JOIN email_contents c ON c.team_id = e.team_id AND c.id = e.content_id AND c.subject = b.subject
  GROUP BY e.team_id, e.batch_id, e.content_id
), most AS (
  SELECT DISTINCT ON (team_id, batch_id) team_id, batch_id, content_id,
    emails > coalesce(lead(emails) OVER (PARTITION BY team_id, batch_id ORDER BY emails DESC), 0) AS clear
  FROM said ORDER BY team_id, batch_id, emails DESC
)
UPDATE email_batches b SET content_id = m.content_id FROM most m
WHERE m.team_id = b.team_id AND m.batch_id = b.id AND m.clear;
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
