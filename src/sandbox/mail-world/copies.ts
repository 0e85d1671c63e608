import type pg from 'pg';

/** Mailboxes that have the same email more than once. */
export interface Copies {
  /** How many pairs of a mailbox and an email are there more than once. */
  count: number;
  /** How many messages too many they have. */
  tooMany: number;
  /** The worst of them. */
  worst: { recipient: string; email: string; copies: number }[];
}

export interface CopiesReport {
  /** What came over the line; a message to two mailboxes counts once. */
  messages: number;
  /** A message to two mailboxes counts twice. */
  deliveries: number;
  mailboxes: number;
  /** The same Message-ID twice in a mailbox: one attempt that was brought twice. */
  byMessageId: Copies;
  /** The same subject twice in a mailbox: for tests, which give every email its own, whatever attempt it was. */
  bySubject: Copies;
}

const SHOWN = 100;

const copiesBy = (column: 'message_id' | 'subject'): string => `
  SELECT recipient, ${column} AS email, count(*)::int AS copies,
         (count(*) OVER ())::int AS total, (sum(count(*) - 1) OVER ())::int AS "tooMany"
  FROM mail_delivery WHERE ${column} <> '' GROUP BY recipient, ${column} HAVING count(*) > 1
  ORDER BY copies DESC, recipient, email LIMIT ${SHOWN}`;

const TOTALS = `
  SELECT (SELECT count(*)::int FROM mail_delivery) AS deliveries,
         (SELECT count(*)::int FROM (SELECT DISTINCT message FROM mail_delivery) m) AS messages,
         (SELECT count(*)::int FROM (SELECT DISTINCT recipient FROM mail_delivery) r) AS mailboxes`;

/** Has any mailbox two copies of one email, and how many messages are there? */
export async function copiesReport(pool: pg.Pool): Promise<CopiesReport> {
  const [totals, byMessageId, bySubject] = await Promise.all([
    pool.query<Pick<CopiesReport, 'messages' | 'deliveries' | 'mailboxes'>>(TOTALS),
    copies(pool, 'message_id'),
    copies(pool, 'subject'),
  ]);
  const { messages = 0, deliveries = 0, mailboxes = 0 } = totals.rows[0] ?? {};
  return { messages, deliveries, mailboxes, byMessageId, bySubject };
}

async function copies(pool: pg.Pool, column: 'message_id' | 'subject'): Promise<Copies> {
  type Counted = Copies['worst'][number] & { total: number; tooMany: number };
  const { rows } = await pool.query<Counted>(copiesBy(column));
  return {
    count: rows[0]?.total ?? 0,
    tooMany: rows[0]?.tooMany ?? 0,
    worst: rows.map(({ recipient, email, copies: times }) => ({ recipient, email, copies: times })),
  };
}
