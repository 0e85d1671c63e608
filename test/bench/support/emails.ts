import { v7 as uuidv7 } from 'uuid';
import { type Team, withDatabase } from './team.js';

export const HTML = `<p>Hello {{first_name}},</p><p>${'may I show you something? '.repeat(40)}</p>`;

interface Senders {
  channels: string[];
}

/** A rep's channels of one mail server, each with a confirmed address of its own. */
export async function seedSenders(
  databaseUrl: string,
  { teamId, userIds }: Team,
  { port, channels, connections }: { port: number; channels: number; connections: number },
): Promise<Senders> {
  const ids = Array.from({ length: channels }, () => uuidv7());
  await withDatabase(databaseUrl, async (db) => {
    await db.query(
      `INSERT INTO delivery_channels (team_id, id, owner_id, name, host, port, security, connections, created_at, updated_at)
       SELECT $1, c.id, $2, 'Bench', '127.0.0.1', $4, 'none', $5, now(), now() FROM unnest($3::uuid[]) AS c (id)`,
      [teamId, userIds[0], ids, port, connections],
    );
    await db.query(
      'INSERT INTO delivery_channel_paces (team_id, channel_id) SELECT $1, c.id FROM unnest($2::uuid[]) AS c (id)',
      [teamId, ids],
    );
    await db.query(
      `INSERT INTO identities (team_id, id, user_id, channel_id, email, name, verified_at, created_at, updated_at)
       SELECT $1, c.id, $2, c.id, 'rep-' || c.id || '@northwind.example', 'Rep', now(), now(), now()
       FROM unnest($3::uuid[]) AS c (id)`,
      [teamId, userIds[0], ids],
    );
  });
  return { channels: ids };
}

/** So many emails, spread over the channels, the nth due `gapMs` after the one before. */
export async function seedScheduled(
  databaseUrl: string,
  { teamId, userIds }: Team,
  { channels, n, first, gapMs }: { channels: readonly string[]; n: number; first: Date; gapMs: number },
): Promise<void> {
  await withDatabase(databaseUrl, async (db) => {
    const [content, at] = [uuidv7(), `$6::timestamptz + make_interval(secs => $7::float8 * n / 1000)`];
    await db.query(`INSERT INTO email_contents (team_id, id, subject, body) VALUES ($1, $2, 'For {{name}}', $3)`, [
      ...[teamId, content, HTML],
    ]);
    await db.query(
      `WITH made AS MATERIALIZED (SELECT gen_random_uuid() AS id, n FROM generate_series(0, $4::int - 1) n), p AS (
         INSERT INTO people (team_id, id, name, email, owner_id, shared, created_at, updated_at)
         SELECT $1, id, 'Person ' || n, 'p' || n || '@example.com', $2, false, now(), now() FROM made RETURNING 1
       ), a AS (
         INSERT INTO person_addresses (team_id, email, person_id, main)
         SELECT $1, 'p' || n || '@example.com', id, true FROM made RETURNING 1)
       INSERT INTO emails (team_id, id, user_id, kind, person_id, identity_id, channel_id, content_id, to_name, to_address,
         subject, state, folder, state_at, send_at, due_at, created_at, updated_at)
       SELECT $1, gen_random_uuid(), $2, 'select', id, c.channel, c.channel, $5, 'Person ' || n, 'p' || n || '@example.com',
         'For {{name}}', 'scheduled', 'scheduled', now(), ${at}, ${at}, now(), now()
       FROM made, LATERAL (SELECT ($3::uuid[])[1 + n % cardinality($3::uuid[])] AS channel) c`,
      [teamId, userIds[0], channels, n, content, first, gapMs],
    );
    await db.query(
      `INSERT INTO email_folder_counts (team_id, user_id, folder, emails) VALUES ($1, $2, 'scheduled', $3)`,
      [teamId, userIds[0], n],
    );
    await db.query('ANALYZE');
  });
}
