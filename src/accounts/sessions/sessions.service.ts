import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { MoreThan, Repository } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Config } from '../../config/config.js';
import { Clock } from '../../platform/clock/clock.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import type { UserRole } from '../user.entity.js';
import { hashOfToken, looksLikeToken, newSecretToken } from './secret-token.js';
import { Session, type SignInMethod } from './session.entity.js';

export interface NewSession {
  teamId: string;
  userId: string;
  method: SignInMethod;
  userAgent: string;
}

export interface OpenedSession {
  id: string;
  /** What the cookie holds: never stored, never shown again. */
  token: string;
  expiresAt: Date;
}

/** Whose a session is, as of now. */
export interface SessionOwner {
  teamId: string;
  sessionId: string;
  userId: string;
  role: UserRole;
  timeZone: string;
}

interface OwnerRow {
  team_id: string;
  id: string;
  user_id: string;
  role: UserRole;
  time_zone: string;
  last_seen_at: Date;
}

const HOUR_MS = 3_600_000;
const NOTED_EVERY_MS = 60_000;
const USER_AGENT_LENGTH = 300;

/** Browsers that people are signed in with. */
@Injectable()
export class SessionsService {
  constructor(
    @InjectRepository(Session) private readonly sessions: Repository<Session>,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  async open(tx: Tx, { userAgent, ...of }: NewSession): Promise<OpenedSession> {
    const now = this.clock.now();
    const { token, hash: tokenHash } = newSecretToken();
    const expiresAt = new Date(now.getTime() + this.config.get('SESSION_MAX_HOURS') * HOUR_MS);
    const id = uuidv7();
    const shown = userAgent.slice(0, USER_AGENT_LENGTH);
    await tx.manager.insert(Session, {
      ...of,
      id,
      tokenHash,
      userAgent: shown,
      createdAt: now,
      lastSeenAt: now,
      expiresAt,
    });
    // Whoever signs in takes away what has ended: nobody else would.
    await tx.query('DELETE FROM sessions WHERE team_id = $1 AND user_id = $2 AND expires_at <= $3', [
      of.teamId,
      of.userId,
      now,
    ]);
    return { id, token, expiresAt };
  }

  /** Whose token this is; undefined when it is wrong, ended or revoked, its user is not active, or its team is deleted. */
  async ownerOf(token: string): Promise<SessionOwner | undefined> {
    if (!looksLikeToken(token)) return undefined;
    const now = this.clock.now();
    const [row] = await this.transactions.query<OwnerRow>(
      `SELECT s.team_id, s.id, s.user_id, s.last_seen_at, u.role, u.time_zone
       FROM sessions s JOIN teams t ON t.id = s.team_id AND t.deleted_at IS NULL
       JOIN users u ON u.team_id = s.team_id AND u.id = s.user_id AND u.active
       WHERE s.token_hash = $1 AND s.expires_at > $2 AND s.last_seen_at > $3`,
      [hashOfToken(token), now, this.idleSince(now)],
    );
    if (!row) return undefined;
    await this.noteUse(row, now);
    const { team_id: teamId, id: sessionId, user_id: userId, role, time_zone: timeZone } = row;
    return { teamId, sessionId, userId, role, timeZone };
  }

  /** One person's, newest first: those that still open something. */
  async list(teamId: string, userId: string): Promise<Session[]> {
    const now = this.clock.now();
    const where = { teamId, userId, expiresAt: MoreThan(now), lastSeenAt: MoreThan(this.idleSince(now)) };
    return this.sessions.find({ where, order: { id: 'DESC' }, take: 200 });
  }

  async revoke(teamId: string, userId: string, id: string): Promise<void> {
    const { affected } = await this.sessions.delete({ teamId, userId, id });
    if (!affected) throw new ProductError('not_found', 'There is no such session of yours: it may have ended already.');
  }

  /** Ends all of a person's, but for the one that is kept. */
  async revokeAll(tx: Tx, teamId: string, userId: string, except: string | null = null): Promise<void> {
    await tx.query('DELETE FROM sessions WHERE team_id = $1 AND user_id = $2 AND id IS DISTINCT FROM $3', [
      teamId,
      userId,
      except,
    ]);
  }

  private idleSince(now: Date): Date {
    return new Date(now.getTime() - this.config.get('SESSION_IDLE_HOURS') * HOUR_MS);
  }

  /** At most once a minute: a busy page must not write a row with each request. */
  private async noteUse(row: OwnerRow, now: Date): Promise<void> {
    const before = new Date(now.getTime() - NOTED_EVERY_MS);
    if (row.last_seen_at > before) return;
    await this.transactions.query(
      'UPDATE sessions SET last_seen_at = $3 WHERE team_id = $1 AND id = $2 AND last_seen_at <= $4',
      [row.team_id, row.id, now, before],
    );
  }
}
