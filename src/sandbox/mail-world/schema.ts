import type { QueryConfig } from 'pg';
import type { Row } from './store.js';

/**
 * Run at each start, as the sandbox keeps its data between versions. `mail_delivery` has a small row for each mailbox
 * that a message was brought to: lists and counts never read the messages themselves.
 */
export const SCHEMA = `
CREATE TABLE IF NOT EXISTS mail_message (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  received_at timestamptz NOT NULL,
  envelope_from text NOT NULL,
  recipients text[] NOT NULL,
  from_text text NOT NULL,
  subject text NOT NULL,
  raw bytea NOT NULL
);
ALTER TABLE mail_message ADD COLUMN IF NOT EXISTS message_id text NOT NULL DEFAULT '';
DROP INDEX IF EXISTS mail_message_recipients;
CREATE TABLE IF NOT EXISTS mail_delivery (
  message bigint NOT NULL,
  recipient text NOT NULL,
  message_id text NOT NULL,
  subject text NOT NULL,
  PRIMARY KEY (message, recipient)
);
CREATE INDEX IF NOT EXISTS mail_delivery_recipient ON mail_delivery (recipient, message_id);
INSERT INTO mail_delivery (message, recipient, message_id, subject)
  SELECT DISTINCT id, recipient, message_id, subject FROM mail_message, unnest(recipients) recipient
  WHERE NOT EXISTS (SELECT 1 FROM mail_delivery);
`;

const COLUMNS = 'received_at, envelope_from, recipients, from_text, subject, message_id, raw';
const WIDTH = COLUMNS.split(', ').length;

/** One statement for many: each message is kept with its deliveries, or not at all. */
export function insertOf(rows: readonly Row[]): QueryConfig {
  const places = rows.map(
    (_, nth) => `(${Array.from({ length: WIDTH }, (__, n) => `$${nth * WIDTH + n + 1}`).join(', ')})`,
  );
  return {
    text: `WITH kept AS (
        INSERT INTO mail_message (${COLUMNS}) VALUES ${places.join(', ')}
        RETURNING id, recipients, message_id, subject)
      INSERT INTO mail_delivery (message, recipient, message_id, subject)
      SELECT kept.id, recipient, kept.message_id, kept.subject FROM kept, unnest(kept.recipients) recipient`,
    values: rows.flatMap((row) => [
      ...[row.receivedAt, row.envelopeFrom, row.recipients, row.from, row.subject, row.messageId, row.raw],
    ]),
  };
}
