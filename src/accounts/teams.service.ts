import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, Repository } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from '../platform/clock/clock.js';
import { Transactions, type Tx } from '../platform/database/transactions.js';
import { ProductError } from '../platform/errors/product-error.js';
import { requireIfMatch } from '../platform/http/conditions.js';
import { ApiKeysService } from './api-keys.service.js';
import { Audit } from './audit/audit.js';
import { Team } from './team.entity.js';
import type { User } from './user.entity.js';
import { UsersService } from './users.service.js';

export interface NewTeam {
  name: string;
  admin: { email: string; name: string; timeZone: string };
}

@Injectable()
export class TeamsService {
  constructor(
    @InjectRepository(Team) private readonly teams: Repository<Team>,
    private readonly users: UsersService,
    private readonly keys: ApiKeysService,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  /** A team with its first admin and a key for that admin, which is never shown again. */
  async create(input: NewTeam): Promise<{ team: Team; admin: User; key: string }> {
    return this.transactions.run(async (tx) => {
      const made = { id: uuidv7(), version: 1, createdAt: this.clock.now(), deletedAt: null };
      const team = tx.manager.create(Team, { ...made, name: input.name });
      await tx.manager.insert(Team, team);
      const admin = await this.users.createIn(tx, team.id, { ...input.admin, role: 'admin' });
      const details = { name: team.name, admin: admin.email };
      await this.audit.record(tx, { teamId: team.id, actor: 'operator', action: 'team.created', details });
      const { text } = await this.keys.createIn(tx, team.id, { name: 'First key', userId: admin.id, scopes: [] });
      return { team, admin, key: text };
    });
  }

  async list(): Promise<Team[]> {
    return this.teams.find({ where: { deletedAt: IsNull() }, order: { id: 'ASC' } });
  }

  async get(id: string): Promise<Team> {
    const team = await this.teams.findOneBy({ id, deletedAt: IsNull() });
    if (!team) throw new ProductError('not_found', 'There is no such team.');
    return team;
  }

  /** Whether the team lives; if so, it is not deleted before this transaction has ended. */
  async hold(tx: Tx, id: string): Promise<boolean> {
    const rows = await tx.query('SELECT 1 FROM teams WHERE id = $1 AND deleted_at IS NULL FOR SHARE', [id]);
    return rows.length > 0;
  }

  async rename(id: string, ifMatch: string | undefined, name: string, actor: string): Promise<Team> {
    return this.transactions.run(async (tx) => {
      const lock = { mode: 'for_no_key_update' } as const;
      const team = await tx.manager.findOne(Team, { where: { id, deletedAt: IsNull() }, lock });
      if (!team) throw new ProductError('not_found');
      requireIfMatch(ifMatch, team.version);
      if (team.name === name) return team;
      const version = team.version + 1;
      await tx.manager.update(Team, { id }, { name, version });
      const details = { name: { from: team.name, to: name } };
      await this.audit.record(tx, { teamId: id, actor, action: 'team.renamed', details });
      return { ...team, name, version };
    });
  }
}
