import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Reader, Tx } from '../../platform/database/transactions.js';
import type { UnsubscribeSource } from './person-unsubscribe.entity.js';

/** Since when a person is unsubscribed: they themselves, or whoever had one of their addresses before. */
export function unsubscribedAtSql(person: string): string {
  return `coalesce(${person}.unsubscribed_at, (SELECT min(u.at) FROM person_addresses a
    JOIN unsubscribed_addresses u ON u.team_id = a.team_id AND u.email = a.email
    WHERE a.team_id = ${person}.team_id AND a.person_id = ${person}.id))`;
}

export interface Wish {
  source: UnsubscribeSource;
  reason: string | null;
  actor: string | null;
  emailId: string | null;
  at: Date;
}

export interface UnsubscribeRow {
  id: string;
  what: 'unsubscribed' | 'resubscribed';
  source: UnsubscribeSource;
  reason: string | null;
  actor: string | null;
  at: Date;
}

/**
 * Who wants no commercial emails, and how that came: the state and its history, written together. Invariant: every
 * address of whoever is unsubscribed is in unsubscribed_addresses, and stays there when they are deleted or give it up.
 */
@Injectable()
export class Unsubscribes {
  /** Also of a person who is deleted here: whoever meets them again must know. Who was merged is who stayed. */
  async unsubscribe(tx: Tx, teamId: string, id: string, wish: Wish): Promise<'unsubscribed' | 'already'> {
    const personId = await this.present(tx, teamId, id);
    const rows = await tx.query(
      `UPDATE people SET unsubscribed_at = $3, updated_at = $3, version = version + 1
       WHERE team_id = $1 AND id = $2 AND unsubscribed_at IS NULL RETURNING 1`,
      [teamId, personId, wish.at],
    );
    if (rows.length > 0) await this.keepAll(tx, teamId, personId, wish.at);
    // Said again: known already, though perhaps for another reason, which is kept.
    if (rows.length > 0 || wish.reason !== null) await this.write(tx, teamId, personId, 'unsubscribed', wish);
    return rows.length > 0 ? 'unsubscribed' : 'already';
  }

  async resubscribe(tx: Tx, teamId: string, personId: string, wish: Wish): Promise<'resubscribed' | 'already'> {
    const rows = await tx.query(
      `UPDATE people SET unsubscribed_at = NULL, updated_at = $3, version = version + 1
       WHERE team_id = $1 AND id = $2 AND unsubscribed_at IS NOT NULL RETURNING 1`,
      [teamId, personId, wish.at],
    );
    const addresses = await tx.query(
      `DELETE FROM unsubscribed_addresses WHERE team_id = $1
         AND email IN (SELECT email FROM person_addresses WHERE team_id = $1 AND person_id = $2) RETURNING 1`,
      [teamId, personId],
    );
    if (rows.length === 0 && addresses.length === 0) return 'already';
    await this.write(tx, teamId, personId, 'resubscribed', wish);
    return 'resubscribed';
  }

  /** Somebody has further addresses now: where they or one of these are unsubscribed, they are with all of them. */
  async spread(tx: Tx, teamId: string, personId: string, wish: Wish): Promise<void> {
    const [person] = await tx.query<{ own: Date | null; at: Date | null }>(
      `SELECT p.unsubscribed_at AS own, ${unsubscribedAtSql('p')} AS at FROM people p WHERE p.team_id = $1 AND p.id = $2`,
      [teamId, personId],
    );
    if (!person?.at) return;
    if (person.own === null) await this.unsubscribe(tx, teamId, personId, wish);
    else await this.keepAll(tx, teamId, personId, person.own);
  }

  /** Of somebody unsubscribed who gets this address. */
  async keep(tx: Tx, teamId: string, email: string, at: Date): Promise<void> {
    await tx.query(
      'INSERT INTO unsubscribed_addresses (team_id, email, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
      [teamId, email, at],
    );
  }

  private async present(tx: Tx, teamId: string, id: string): Promise<string> {
    const sql = 'SELECT merged_into AS into FROM people WHERE team_id = $1 AND id = $2';
    const [row] = await tx.query<{ into: string | null }>(sql, [teamId, id]);
    return row?.into ?? id;
  }

  /** Of somebody deleted, too: they have no addresses any more but the one in their row. */
  private async keepAll(tx: Tx, teamId: string, personId: string, at: Date): Promise<void> {
    await tx.query(
      `INSERT INTO unsubscribed_addresses (team_id, email, at)
       SELECT team_id, email, $3::timestamptz FROM person_addresses WHERE team_id = $1 AND person_id = $2
       UNION SELECT team_id, email, $3::timestamptz FROM people WHERE team_id = $1 AND id = $2 AND email IS NOT NULL
       ON CONFLICT DO NOTHING`,
      [teamId, personId, at],
    );
  }

  /** Newest first; one more than `limit` when there is one. */
  async history(
    reader: Reader,
    teamId: string,
    personId: string,
    slice: { after: string | null; limit: number },
  ): Promise<UnsubscribeRow[]> {
    return reader.query<UnsubscribeRow>(
      `SELECT id, what, source, reason, actor, at FROM person_unsubscribes
       WHERE team_id = $1 AND person_id = $2 AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4`,
      [teamId, personId, slice.after, slice.limit + 1],
    );
  }

  private async write(
    tx: Tx,
    teamId: string,
    personId: string,
    what: UnsubscribeRow['what'],
    { source, reason, actor, emailId, at }: Wish,
  ): Promise<void> {
    await tx.query(
      `INSERT INTO person_unsubscribes (team_id, id, person_id, what, source, reason, actor, email_id, at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [teamId, uuidv7(), personId, what, source, reason, actor, emailId, at],
    );
  }
}
