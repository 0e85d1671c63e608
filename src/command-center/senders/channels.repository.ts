import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../../platform/database/transactions.js';
import type { MailProvider } from './channel-grant.entity.js';
import type { ChannelValues } from './channel-values.js';
import type { PaceReason } from './delivery-channel-pace.entity.js';

export interface ChannelRow extends ChannelValues {
  id: string;
  ownerId: string | null;
  passwordSealed: string | null;
  /** Whose permission it logs in with, instead of a password. */
  provider: MailProvider | null;
  pausedAt: Date | null;
  version: number;
  createdAt: Date;
  updatedAt: Date;
  notBefore: Date | null;
  waitingFor: PaceReason | null;
  stoppedAt: Date | null;
  trouble: string | null;
}

const COLUMNS: Readonly<Record<keyof ChannelValues, string>> = {
  name: 'name',
  host: 'host',
  port: 'port',
  security: 'security',
  username: 'username',
  returnPathDomain: 'return_path_domain',
  connections: 'connections',
  perSecond: 'per_second',
  perMinute: 'per_minute',
  perDomainPerMinute: 'per_domain_per_minute',
  batchSize: 'batch_size',
  batchWaitSeconds: 'batch_wait_seconds',
  perDay: 'per_day',
  gapMinMs: 'gap_min_ms',
  gapMaxMs: 'gap_max_ms',
};
const FIELDS = Object.keys(COLUMNS) as (keyof ChannelValues)[];
const SELECT = `SELECT c.id, c.owner_id AS "ownerId", c.password_sealed AS "passwordSealed", g.provider,
  c.paused_at AS "pausedAt", c.version, c.created_at AS "createdAt", c.updated_at AS "updatedAt",
  p.not_before AS "notBefore", p.waiting_for AS "waitingFor", p.stopped_at AS "stoppedAt", p.trouble,
  ${FIELDS.map((field) => `c.${COLUMNS[field]} AS "${field}"`).join(', ')}
  FROM delivery_channels c JOIN delivery_channel_paces p ON p.team_id = c.team_id AND p.channel_id = c.id
  LEFT JOIN delivery_channel_grants g ON g.team_id = c.team_id AND g.channel_id = c.id`;

/** Reads and writes delivery channels. */
@Injectable()
export class ChannelsRepository {
  /** The team's first; `userId` null: of everybody. */
  async list(reader: Reader, teamId: string, userId: string | null): Promise<ChannelRow[]> {
    return reader.query<ChannelRow>(
      `${SELECT} WHERE c.team_id = $1 AND c.deleted_at IS NULL AND ($2::uuid IS NULL OR c.owner_id IS NULL OR c.owner_id = $2)
       ORDER BY c.owner_id NULLS FIRST, c.id LIMIT 1000`,
      [teamId, userId],
    );
  }

  async byId(reader: Reader, teamId: string, id: string): Promise<ChannelRow | undefined> {
    const sql = `${SELECT} WHERE c.team_id = $1 AND c.id = $2 AND c.deleted_at IS NULL`;
    return (await reader.query<ChannelRow>(sql, [teamId, id]))[0];
  }

  /** The one of this mailbox, locked. */
  async ofMailbox(
    tx: Tx,
    teamId: string,
    { ownerId, provider, address }: { ownerId: string | null; provider: MailProvider; address: string },
  ): Promise<ChannelRow | undefined> {
    // One after another: two tabs must not make two of one mailbox.
    await tx.query('SELECT 1 FROM teams WHERE id = $1 FOR NO KEY UPDATE', [teamId]);
    const [found] = await tx.query<{ id: string }>(
      `SELECT c.id FROM delivery_channels c JOIN delivery_channel_grants g ON g.team_id = c.team_id AND g.channel_id = c.id
       WHERE c.team_id = $1 AND c.owner_id IS NOT DISTINCT FROM $2 AND g.provider = $3 AND c.username = $4
         AND c.deleted_at IS NULL ORDER BY c.id LIMIT 1`,
      [teamId, ownerId, provider, address],
    );
    return found && this.lock(tx, teamId, found.id);
  }

  async lock(tx: Tx, teamId: string, id: string): Promise<ChannelRow | undefined> {
    await tx.query('SELECT 1 FROM delivery_channels WHERE team_id = $1 AND id = $2 FOR NO KEY UPDATE', [teamId, id]);
    return this.byId(tx, teamId, id);
  }

  /** The team's; its first, when there are several. */
  async ofTeam(reader: Reader, teamId: string): Promise<ChannelRow | undefined> {
    const sql = `${SELECT} WHERE c.team_id = $1 AND c.owner_id IS NULL AND c.deleted_at IS NULL ORDER BY c.id LIMIT 1`;
    return (await reader.query<ChannelRow>(sql, [teamId]))[0];
  }

  /** What a user's emails leave by, where their address names none: their only own channel, or else the team's first. */
  async defaultFor(reader: Reader, teamId: string, userId: string): Promise<string | null> {
    const rows = await reader.query<{ id: string; own: boolean }>(
      `SELECT id, owner_id IS NOT NULL AS own FROM delivery_channels
       WHERE team_id = $1 AND deleted_at IS NULL AND (owner_id IS NULL OR owner_id = $2) ORDER BY id`,
      [teamId, userId],
    );
    const own = rows.filter((row) => row.own);
    if (own.length === 1) return own[0]?.id ?? null;
    return rows.find((row) => !row.own)?.id ?? null;
  }

  /** The same until the transaction ends: who removes it waits, and then finds whoever names it. */
  async holdById(tx: Tx, teamId: string, id: string): Promise<ChannelRow | undefined> {
    await tx.query('SELECT 1 FROM delivery_channels WHERE team_id = $1 AND id = $2 FOR SHARE', [teamId, id]);
    return this.byId(tx, teamId, id);
  }

  async insert(
    tx: Tx,
    teamId: string,
    id: string,
    {
      values,
      ownerId,
      passwordSealed,
    }: { values: ChannelValues; ownerId: string | null; passwordSealed: string | null },
    at: Date,
  ): Promise<void> {
    const columns = FIELDS.map((field) => COLUMNS[field]);
    await tx.query(
      `INSERT INTO delivery_channels (team_id, id, owner_id, password_sealed, created_at, updated_at, ${columns.join(', ')})
       VALUES ($1, $2, $3, $4, $5, $5, ${columns.map((_, index) => `$${index + 6}`).join(', ')})`,
      [teamId, id, ownerId, passwordSealed, at, ...FIELDS.map((field) => values[field])],
    );
    await tx.query('INSERT INTO delivery_channel_paces (team_id, channel_id) VALUES ($1, $2)', [teamId, id]);
  }

  async update(
    tx: Tx,
    teamId: string,
    id: string,
    { values, passwordSealed }: { values: ChannelValues; passwordSealed: string | null },
    at: Date,
  ): Promise<void> {
    await tx.query(
      `UPDATE delivery_channels SET version = version + 1, updated_at = $3, password_sealed = $4,
         ${FIELDS.map((field, index) => `${COLUMNS[field]} = $${index + 5}`).join(', ')}
       WHERE team_id = $1 AND id = $2`,
      [teamId, id, at, passwordSealed, ...FIELDS.map((field) => values[field])],
    );
  }

  async setPaused(tx: Tx, teamId: string, id: string, pausedAt: Date | null, at: Date): Promise<void> {
    await tx.query(
      `UPDATE delivery_channels SET paused_at = $3, updated_at = $4, version = version + 1
       WHERE team_id = $1 AND id = $2`,
      [teamId, id, pausedAt, at],
    );
  }

  /** Whatever it waited for or was stopped by is looked at anew: its limits or its log-in may be other ones now. */
  async beginAnew(tx: Tx, teamId: string, id: string, at: Date): Promise<void> {
    // Somebody lets it go on: what waited for that goes, and is not late.
    await tx.query(
      `UPDATE delivery_channel_paces
       SET stopped_at = NULL, trouble = NULL, failures = 0, not_before = NULL, waiting_for = NULL, looked_at = $3
       WHERE team_id = $1 AND channel_id = $2`,
      [teamId, id, at],
    );
  }

  async remove(tx: Tx, teamId: string, id: string, at: Date): Promise<void> {
    await tx.query(
      `UPDATE delivery_channels SET deleted_at = $3, password_sealed = NULL, version = version + 1
       WHERE team_id = $1 AND id = $2`,
      [teamId, id, at],
    );
    await tx.query('DELETE FROM delivery_channel_grants WHERE team_id = $1 AND channel_id = $2', [teamId, id]);
    await tx.query(
      'UPDATE identities SET channel_id = NULL, version = version + 1 WHERE team_id = $1 AND channel_id = $2',
      [teamId, id],
    );
  }

  /** Those of a user's own. */
  async removeOf(tx: Tx, teamId: string, userId: string, at: Date): Promise<void> {
    const rows = await tx.query<{ id: string }>(
      `SELECT id FROM delivery_channels WHERE team_id = $1 AND owner_id = $2 AND deleted_at IS NULL
       ORDER BY id FOR NO KEY UPDATE`,
      [teamId, userId],
    );
    for (const { id } of rows) await this.remove(tx, teamId, id, at);
  }
}
