import { simpleParser } from 'mailparser';
import pg from 'pg';
import { Batches } from './batches.js';
import type { Summary } from './headers.js';
import { PROVIDER_SCHEMA } from './provider.js';
import { insertOf, SCHEMA } from './schema.js';

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
  messageId: string;
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

export interface Row extends Received, Summary {
  receivedAt: Date;
}

export interface Search {
  /** A part of an address that it was brought to. */
  to?: string;
  /** The whole address. */
  recipient?: string;
  /** Only what came before this one. */
  before?: string;
  limit: number;
}

const LISTED = `mail_message.id::text AS id, received_at AS "receivedAt", envelope_from AS "envelopeFrom", recipients,
  from_text AS "from", subject, message_id AS "messageId", length(raw) AS bytes`;

// The ids of a page, before the larger table is looked into.
const NEWEST = 'SELECT id FROM mail_message WHERE ($1::bigint IS NULL OR id < $1) ORDER BY id DESC LIMIT $2';
const NEWEST_TO = `SELECT DISTINCT message AS id FROM mail_delivery
  WHERE ($1::bigint IS NULL OR message < $1)
    AND ($3::text IS NULL OR position($3 IN recipient) > 0) AND ($4::text IS NULL OR recipient = $4)
  ORDER BY message DESC LIMIT $2`;

/** Everything that was ever sent in the sandbox. */
export class MailStore {
  private readonly batches = new Batches<Row>(
    async (rows) => {
      await this.pool.query(insertOf(rows));
    },
    ({ raw }) => raw.length,
    { items: 200, bytes: 8 * 1024 * 1024 },
  );

  private constructor(readonly pool: pg.Pool) {}

  static async connect(databaseUrl: string): Promise<MailStore> {
    const pool = new pg.Pool({ connectionString: databaseUrl, application_name: 'mail-world', max: 5 });
    // An idle connection that breaks is replaced at the next query.
    pool.on('error', () => undefined);
    await pool.query(SCHEMA);
    await pool.query(PROVIDER_SCHEMA);
    return new MailStore(pool);
  }

  /** Resolves when it is kept for good. */
  async add(message: Received, summary: Summary, receivedAt: Date): Promise<void> {
    await this.batches.add({ ...message, ...summary, receivedAt });
  }

  /** Newest first; one more than `limit`, when there is one. */
  async list({ to, recipient, before, limit }: Search): Promise<Listed[]> {
    const narrowed = [lowerCase(to), lowerCase(recipient)];
    const all = narrowed.every((address) => address === null);
    const { rows } = await this.pool.query<Listed>(
      `SELECT ${LISTED} FROM (${all ? NEWEST : NEWEST_TO}) page JOIN mail_message USING (id) ORDER BY mail_message.id DESC`,
      [before ?? null, limit + 1, ...(all ? [] : narrowed)],
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
    await this.pool.query('TRUNCATE mail_message, mail_delivery');
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

const lowerCase = (text: string | undefined): string | null => text?.trim().toLowerCase() || null;
