import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../../platform/database/transactions.js';

export interface IdentityRow {
  id: string;
  userId: string;
  channelId: string | null;
  email: string;
  name: string;
  signature: string | null;
  isDefault: boolean;
  verifiedAt: Date | null;
  codeHash: string | null;
  codeExpiresAt: Date | null;
  codeTries: number;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

const SELECT = `SELECT i.id, i.user_id AS "userId", i.channel_id AS "channelId", i.email, i.name, i.signature,
  i.is_default AS "isDefault", i.verified_at AS "verifiedAt", i.code_hash AS "codeHash",
  i.code_expires_at AS "codeExpiresAt", i.code_tries AS "codeTries", i.version, i.created_at AS "createdAt",
  i.updated_at AS "updatedAt" FROM identities i`;

/** Reads and writes the addresses that reps write as. */
@Injectable()
export class IdentitiesRepository {
  async list(reader: Reader, teamId: string, userId: string): Promise<IdentityRow[]> {
    return reader.query<IdentityRow>(
      `${SELECT} WHERE i.team_id = $1 AND i.user_id = $2 AND i.deleted_at IS NULL
       ORDER BY i.is_default DESC, i.id LIMIT 200`,
      [teamId, userId],
    );
  }

  /** Of one's own, there or not. */
  async byId(reader: Reader, teamId: string, userId: string, id: string): Promise<IdentityRow | undefined> {
    const sql = `${SELECT} WHERE i.team_id = $1 AND i.user_id = $2 AND i.id = $3 AND i.deleted_at IS NULL`;
    return (await reader.query<IdentityRow>(sql, [teamId, userId, id]))[0];
  }

  /** Of whomever, by id: for what was scheduled as them. */
  async byIds(reader: Reader, teamId: string, ids: readonly string[]): Promise<Map<string, IdentityRow>> {
    const rows = await reader.query<IdentityRow>(
      `${SELECT} WHERE i.team_id = $1 AND i.id = ANY($2::uuid[]) AND i.deleted_at IS NULL`,
      [teamId, [...new Set(ids)]],
    );
    return new Map(rows.map((row) => [row.id, row]));
  }

  async default(reader: Reader, teamId: string, userId: string): Promise<IdentityRow | undefined> {
    const sql = `${SELECT} WHERE i.team_id = $1 AND i.user_id = $2 AND i.is_default AND i.deleted_at IS NULL`;
    return (await reader.query<IdentityRow>(sql, [teamId, userId]))[0];
  }

  /** One after another for each user: who is the default is decided among all of theirs. */
  async lockUser(tx: Tx, teamId: string, userId: string): Promise<void> {
    await tx.query('SELECT 1 FROM users WHERE team_id = $1 AND id = $2 FOR NO KEY UPDATE', [teamId, userId]);
  }

  async insert(
    tx: Tx,
    teamId: string,
    row: Pick<IdentityRow, 'id' | 'userId' | 'channelId' | 'email' | 'name' | 'signature' | 'isDefault'>,
    at: Date,
  ): Promise<void> {
    await tx.query(
      `INSERT INTO identities (team_id, id, user_id, channel_id, email, name, signature, is_default, created_at, updated_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)`,
      [teamId, row.id, row.userId, row.channelId, row.email, row.name, row.signature, row.isDefault, at],
    );
  }

  async update(
    tx: Tx,
    teamId: string,
    row: Pick<IdentityRow, 'id' | 'channelId' | 'name' | 'signature' | 'isDefault'>,
    at: Date,
  ): Promise<void> {
    await tx.query(
      `UPDATE identities SET channel_id = $3, name = $4, signature = $5, is_default = $6, updated_at = $7,
         version = version + 1 WHERE team_id = $1 AND id = $2`,
      [teamId, row.id, row.channelId, row.name, row.signature, row.isDefault, at],
    );
  }

  async noDefault(tx: Tx, teamId: string, userId: string): Promise<void> {
    await tx.query(
      `UPDATE identities SET is_default = false, version = version + 1
       WHERE team_id = $1 AND user_id = $2 AND is_default AND deleted_at IS NULL`,
      [teamId, userId],
    );
  }

  async remove(tx: Tx, teamId: string, id: string, at: Date): Promise<void> {
    await tx.query('UPDATE identities SET deleted_at = $3, is_default = false WHERE team_id = $1 AND id = $2', [
      teamId,
      id,
      at,
    ]);
  }

  async setCode(tx: Tx, teamId: string, id: string, hash: string, expiresAt: Date): Promise<void> {
    await tx.query(
      'UPDATE identities SET code_hash = $3, code_expires_at = $4, code_tries = 0 WHERE team_id = $1 AND id = $2',
      [teamId, id, hash, expiresAt],
    );
  }

  async countTry(tx: Tx, teamId: string, id: string): Promise<void> {
    await tx.query('UPDATE identities SET code_tries = code_tries + 1 WHERE team_id = $1 AND id = $2', [teamId, id]);
  }

  async setVerified(tx: Tx, teamId: string, id: string, at: Date): Promise<void> {
    await tx.query(
      `UPDATE identities SET verified_at = $3, code_hash = NULL, code_expires_at = NULL, version = version + 1,
         updated_at = $3 WHERE team_id = $1 AND id = $2`,
      [teamId, id, at],
    );
  }
}
