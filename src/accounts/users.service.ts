import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { MoreThan, Repository } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from '../platform/clock/clock.js';
import { Transactions, type Tx, violatedConstraint } from '../platform/database/transactions.js';
import { ProductError } from '../platform/errors/product-error.js';
import { requireIfMatch } from '../platform/http/conditions.js';
import { Audit } from './audit/audit.js';
import { differences } from './audit/differences.js';
import { Departures } from './hand-over/departures.js';
import { AccountMails } from './mail/account-mails.js';
import { TOKEN_PURPOSES } from './sessions/account-token.entity.js';
import { AccountTokens } from './sessions/account-tokens.service.js';
import { SessionsService } from './sessions/sessions.service.js';
import { User, type UserRole } from './user.entity.js';

export interface NewUser {
  email: string;
  name: string;
  role: UserRole;
  timeZone: string;
}

export type UserChanges = Partial<NewUser & { active: boolean }>;

const TOLD = ['email', 'name', 'role', 'timeZone', 'active'] as const;

@Injectable()
export class UsersService {
  constructor(
    @InjectRepository(User) private readonly users: Repository<User>,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly sessions: SessionsService,
    private readonly tokens: AccountTokens,
    private readonly mails: AccountMails,
    private readonly departures: Departures,
  ) {}

  /** In order of their making; one more than `limit`, when there is one. */
  async list(teamId: string, limit: number, afterId: string | null): Promise<User[]> {
    const where = { teamId, ...(afterId !== null && { id: MoreThan(afterId) }) };
    return this.users.find({ where, order: { id: 'ASC' }, take: limit + 1 });
  }

  async get(teamId: string, id: string): Promise<User> {
    const user = await this.users.findOneBy({ teamId, id });
    if (!user) throw new ProductError('not_found', 'There is no such user in your team.');
    return user;
  }

  async findByEmail(teamId: string, email: string): Promise<User | null> {
    return this.users.findOneBy({ teamId, email: email.toLowerCase() });
  }

  async create(teamId: string, input: NewUser, actor?: string): Promise<User> {
    return refusingDuplicates(() =>
      this.transactions.run(async (tx) => {
        const user = await this.createIn(tx, teamId, input);
        const target = { type: 'user', id: user.id };
        const details = { email: user.email, role: user.role };
        if (actor) await this.audit.record(tx, { teamId, actor, action: 'user.created', target, details });
        return user;
      }),
    );
  }

  async createIn(tx: Tx, teamId: string, input: NewUser): Promise<User> {
    const made = { active: true, version: 1, createdAt: this.clock.now() };
    const user = tx.manager.create(User, { ...input, ...made, teamId, id: uuidv7() });
    await tx.manager.insert(User, user);
    return user;
  }

  async update(
    teamId: string,
    id: string,
    ifMatch: string | undefined,
    changes: UserChanges,
    actor?: string,
  ): Promise<User> {
    return refusingDuplicates(() =>
      this.transactions.run(async (tx) => {
        const { before, after } = await this.changeIn(tx, teamId, id, ifMatch, changes, actor);
        if (before.active && !after.active) await this.departures.left(tx, teamId, id);
        return after;
      }),
    );
  }

  /** Whoever deactivates by this says by `Departures.left` when nothing of theirs is handed over any more. */
  async changeIn(
    tx: Tx,
    teamId: string,
    id: string,
    ifMatch: string | undefined,
    changes: UserChanges,
    actor?: string,
  ): Promise<{ before: User; after: User }> {
    const admins = await lockActiveAdmins(tx, teamId);
    const lock = { mode: 'for_no_key_update' } as const;
    const before = await tx.manager.findOne(User, { where: { teamId, id }, lock });
    if (!before) throw new ProductError('not_found', 'There is no such user in your team.');
    requireIfMatch(ifMatch, before.version);
    const after = { ...before, ...changes };
    const staysAdmin = after.role === 'admin' && after.active;
    if (admins.includes(id) && admins.length === 1 && !staysAdmin) {
      throw new ProductError('conflict', 'This is the last admin of the team: make somebody else an admin first.');
    }
    const changed = (Object.keys(changes) as (keyof UserChanges)[]).some((key) => after[key] !== before[key]);
    if (!changed) return { before, after: before };
    const version = before.version + 1;
    await tx.manager.update(User, { teamId, id }, { ...changes, version });
    if (before.active && !after.active) await this.letNobodyIn(tx, teamId, id);
    if (actor) {
      const target = { type: 'user', id };
      const details = differences(before, after, TOLD);
      await this.audit.record(tx, { teamId, actor, action: actionOf(changes), target, details });
    }
    return { before, after: { ...after, version } };
  }

  /** What would let a person in again when they are activated one day: they then sign in anew. Keys are theirs to keep. */
  private async letNobodyIn(tx: Tx, teamId: string, id: string): Promise<void> {
    await this.sessions.revokeAll(tx, teamId, id);
    await this.tokens.revokeAll(tx, teamId, id, TOKEN_PURPOSES);
    await this.mails.drop(tx, teamId, id);
  }
}

function actionOf({ active }: UserChanges): string {
  if (active === undefined) return 'user.updated';
  return active ? 'user.activated' : 'user.deactivated';
}

/** Locked, in id order, so that two admins who demote each other at once cannot both succeed. */
async function lockActiveAdmins(tx: Tx, teamId: string): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `SELECT id FROM users WHERE team_id = $1 AND role = 'admin' AND active ORDER BY id FOR NO KEY UPDATE`,
    [teamId],
  );
  return rows.map(({ id }) => id);
}

export async function refusingDuplicates<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (violatedConstraint(error) !== 'uq_users_email') throw error;
    throw new ProductError('conflict', 'Somebody in your team has this email address already.', [
      { field: 'email', message: 'is taken' },
    ]);
  }
}
