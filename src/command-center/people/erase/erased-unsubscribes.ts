// The unsubscribes of people who were erased. While somebody has an address, or was only deleted, it stands in
// unsubscribed_addresses; erasing turns it into a digest, and whoever brings the address in again turns it back:
//
//   unsubscribed_addresses (clear) --erase: hide--> erased_unsubscribes (digest) --address comes in: recall--> clear
//
// Invariant: whoever makes an address somebody's recalls it after that in the same transaction, so an address that is
// somebody's has no digest, and all that asks about people asks unsubscribed_addresses alone.

import { createHmac, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../../../platform/database/transactions.js';
import { SecretBox } from '../../../platform/secrets/secret-box.js';

const KEY_BYTES = 32;

export function contextOfErasureKey(teamId: string): string {
  return `erasure-key:${teamId}`;
}

@Injectable()
export class ErasedUnsubscribes {
  constructor(private readonly secrets: SecretBox) {}

  /** Of addresses that are to be forgotten; one that is somebody else's by now stays as it is. */
  async hide(tx: Tx, teamId: string, emails: readonly string[]): Promise<void> {
    // Whoever brings one in at this moment comes first, and is seen below, or waits and recalls it.
    await tx.query(
      `SELECT 1 FROM unsubscribed_addresses WHERE team_id = $1 AND email = ANY($2::text[]) ORDER BY email FOR UPDATE`,
      [teamId, emails],
    );
    const rows = await tx.query<{ email: string; at: Date }>(
      `DELETE FROM unsubscribed_addresses u WHERE team_id = $1 AND email = ANY($2::text[]) AND NOT EXISTS (
         SELECT 1 FROM person_addresses a WHERE a.team_id = u.team_id AND a.email = u.email) RETURNING email, at`,
      [teamId, emails],
    );
    if (rows.length === 0) return;
    const key = await this.makeKey(tx, teamId);
    await tx.query(
      `INSERT INTO erased_unsubscribes (team_id, digest, at) SELECT $1, * FROM unnest($2::bytea[], $3::timestamptz[])
       ON CONFLICT DO NOTHING`,
      [teamId, rows.map(({ email }) => digestOf(key, email)), rows.map(({ at }) => at)],
    );
  }

  /** Of addresses that are somebody's now: those that were hidden are unsubscribed in clear again. */
  async recall(tx: Tx, teamId: string, emails: readonly string[]): Promise<void> {
    if (emails.length === 0) return;
    // One that is being hidden at this moment is waited for.
    await tx.query(
      'SELECT 1 FROM unsubscribed_addresses WHERE team_id = $1 AND email = ANY($2::text[]) ORDER BY email FOR KEY SHARE',
      [teamId, emails],
    );
    const key = await this.keyOf(tx, teamId);
    if (!key) return;
    await tx.query(
      `WITH back AS (
         DELETE FROM erased_unsubscribes WHERE team_id = $1 AND digest = ANY($3::bytea[]) RETURNING digest, at)
       INSERT INTO unsubscribed_addresses (team_id, email, at)
       SELECT $1, t.email, back.at FROM back JOIN unnest($2::text[], $3::bytea[]) AS t (email, digest) USING (digest)
       ORDER BY t.email ON CONFLICT DO NOTHING`,
      [teamId, emails, emails.map((email) => digestOf(key, email))],
    );
  }

  /** Which of these addresses are hidden, whoever's they may be. */
  async among(reader: Reader, teamId: string, emails: readonly string[]): Promise<string[]> {
    const key = emails.length === 0 ? undefined : await this.keyOf(reader, teamId);
    if (!key) return [];
    const rows = await reader.query<{ email: string }>(
      `SELECT t.email FROM unnest($2::text[], $3::bytea[]) AS t (email, digest)
       WHERE EXISTS (SELECT 1 FROM erased_unsubscribes e WHERE e.team_id = $1 AND e.digest = t.digest)`,
      [teamId, emails, emails.map((email) => digestOf(key, email))],
    );
    return rows.map(({ email }) => email);
  }

  /** Most teams have none: they erased nobody who was unsubscribed. */
  private async keyOf(reader: Reader, teamId: string): Promise<Buffer | undefined> {
    const [row] = await reader.query<{ sealed: string }>(
      'SELECT key_sealed AS sealed FROM erasure_keys WHERE team_id = $1',
      [teamId],
    );
    return row && Buffer.from(this.secrets.open(row.sealed, contextOfErasureKey(teamId)), 'base64');
  }

  /** Where two make one at once, the first one's counts. */
  private async makeKey(tx: Tx, teamId: string): Promise<Buffer> {
    const present = await this.keyOf(tx, teamId);
    if (present) return present;
    const fresh = randomBytes(KEY_BYTES);
    const sealed = this.secrets.seal(fresh.toString('base64'), contextOfErasureKey(teamId));
    await tx.query('INSERT INTO erasure_keys (team_id, key_sealed) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
      teamId,
      sealed,
    ]);
    return (await this.keyOf(tx, teamId)) ?? fresh;
  }
}

function digestOf(key: Buffer, email: string): Buffer {
  return createHmac('sha256', key).update(email.toLowerCase()).digest();
}
