import { simpleParser } from 'mailparser';
import pg from 'pg';

/** A message as a mailbox lists it. */
export interface Listed {
  id: string;
  receivedAt: Date;
  /** The address that the server was told to answer to (MAIL FROM). */
  envelopeFrom: string;
  /** Whom it was brought to (RCPT TO), in lower case. */
  recipients: string[];
  from: string;
  subject: string;
  bytes: number;
}

/** A message that is opened: its parts decoded (RFC 2045). */
export interface Opened extends Listed {
  to: string;
  date: Date | null;
  text: string;
  html: string | null;
  attachments: { name: string; contentType: string; bytes: number }[];
  headers: { name: string; value: string }[];
}

export interface Received {
  envelopeFrom: string;
  recipients: readonly string[];
  raw: Buffer;
}

export interface Search {
  /** A part of an address that it was brought to. */
  to?: string;
  /** Only what came before this one. */
  before?: string;
  limit: number;
}

const SCHEMA = `
CREATE TABLE IF NOT EXISTS mail_message (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  received_at timestamptz NOT NULL,
  envelope_from text NOT NULL,
  recipients text[] NOT NULL,
  from_text text NOT NULL,
  subject text NOT NULL,
  raw bytea NOT NULL
);
CREATE INDEX IF NOT EXISTS mail_message_recipients ON mail_message USING gin (recipients);
`;

const LISTED = `id::text AS id, received_at AS "receivedAt", envelope_from AS "envelopeFrom", recipients,
  from_text AS "from", subject, length(raw) AS bytes`;

/** Everything that was ever sent in the sandbox. */
export class MailStore {
  private constructor(private readonly pool: pg.Pool) {}

  static async connect(databaseUrl: string): Promise<MailStore> {
    const pool = new pg.Pool({ connectionString: databaseUrl, application_name: 'mail-world', max: 5 });
    // An idle connection that breaks is replaced at the next query.
    pool.on('error', () => undefined);
    await pool.query(SCHEMA);
    return new MailStore(pool);
  }

  async add({ envelopeFrom, recipients, raw }: Received, receivedAt: Date): Promise<string> {
    const { from, subject } = await simpleParser(raw, { skipHtmlToText: true, skipTextToHtml: true });
    const { rows } = await this.pool.query<{ id: string }>(
      `INSERT INTO mail_message (received_at, envelope_from, recipients, from_text, subject, raw)
       VALUES ($1, $2, $3, $4, $5, $6) RETURNING id::text AS id`,
      [receivedAt, envelopeFrom, recipients, withoutNull(from?.text ?? ''), withoutNull(subject ?? ''), raw],
    );
    return rows[0]?.id ?? '';
  }

  /** Newest first; one more than `limit`, when there is one. */
  async list({ to, before, limit }: Search): Promise<Listed[]> {
    const { rows } = await this.pool.query<Listed>(
      `SELECT ${LISTED} FROM mail_message
       WHERE ($1::bigint IS NULL OR id < $1)
         AND ($2::text IS NULL OR EXISTS (SELECT 1 FROM unnest(recipients) r WHERE position($2 IN r) > 0))
       ORDER BY mail_message.id DESC LIMIT $3`,
      [before ?? null, to?.trim().toLowerCase() || null, limit + 1],
    );
    return rows;
  }

  async open(id: string): Promise<Opened | undefined> {
    const [row] = await this.rows(id);
    if (!row) return undefined;
    const { raw, ...listed } = row;
    const mail = await simpleParser(raw, { skipTextToHtml: true });
    return {
      ...listed,
      to: [mail.to ?? []]
        .flat()
        .map(({ text }) => text)
        .join(', '),
      date: mail.date ?? null,
      text: mail.text ?? '',
      html: typeof mail.html === 'string' ? mail.html : null,
      attachments: mail.attachments.map(({ filename, contentType, size }) => ({
        ...{ name: filename ?? 'without a name', contentType, bytes: size },
      })),
      headers: mail.headerLines.map(({ key, line }) => ({
        name: key,
        value: line.slice(line.indexOf(':') + 1).trim(),
      })),
    };
  }

  /** As it came over the line. */
  async raw(id: string): Promise<Buffer | undefined> {
    return (await this.rows(id))[0]?.raw;
  }

  async clear(): Promise<void> {
    await this.pool.query('DELETE FROM mail_message');
  }

  close(): Promise<void> {
    return this.pool.end();
  }

  private async rows(id: string): Promise<(Listed & { raw: Buffer })[]> {
    const { rows } = await this.pool.query<Listed & { raw: Buffer }>(
      `SELECT ${LISTED}, raw FROM mail_message WHERE id = $1`,
      [id],
    );
    return rows;
  }
}

// Postgres keeps no NUL in a text.
const withoutNull = (text: string): string => text.replaceAll('\u0000', '');
