import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Principal } from '../../accounts/access.js';
import { Audit } from '../../accounts/audit/audit.js';
import { isActiveUser, userNames } from '../../accounts/names.js';
import { Clock } from '../../platform/clock/clock.js';
import { type Reader, Transactions, type Tx } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { requireIfMatch } from '../../platform/http/conditions.js';
import { decodeCursor, type PageQuery, toPage } from '../../platform/http/page.js';
import { invalidInput } from '../../platform/http/validation.js';
import type { CreateGroup, GroupAddition, GroupPage, GroupRemoval, GroupView, UpdateGroup } from './groups.dto.js';
import { type GroupRow, Groups } from './groups.repository.js';
import { PeopleQueries } from './people-queries.repository.js';
import type { Viewer } from './person-access.js';

/** Groups of people. A shared one is shown to the team; its owner and admins change it. */
@Injectable()
export class GroupsService {
  constructor(
    private readonly transactions: Transactions,
    private readonly groups: Groups,
    private readonly people: PeopleQueries,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  async list(principal: Principal, { after, limit }: PageQuery): Promise<GroupPage> {
    const position = after === undefined ? null : (decodeCursor(after, 2).map(String) as [string, string]);
    const rows = await this.groups.page(this.transactions, principal, position, limit);
    const page = toPage(
      rows,
      limit,
      (row) => [row.sortKey, row.id],
      (row) => row,
    );
    return { ...page, data: await this.views(this.transactions, principal.teamId, page.data) };
  }

  async get(principal: Principal, id: string): Promise<GroupView> {
    return this.view(this.transactions, principal.teamId, await this.require(this.transactions, principal, id));
  }

  async create({ teamId, userId, ...rest }: Principal, { name, shared = false }: CreateGroup): Promise<GroupView> {
    if (userId === null) throw new ProductError('forbidden', 'A group is somebody’s: use the key of a user.');
    const id = uuidv7();
    return this.transactions.run(async (tx) => {
      await this.groups.add(tx, teamId, { id, name, ownerId: userId, shared, createdAt: this.clock.now() });
      return this.view(tx, teamId, await this.require(tx, { ...rest, teamId, userId }, id));
    });
  }

  async update(
    principal: Principal,
    id: string,
    ifMatch: string | undefined,
    { name, shared, owner_id: ownerId }: UpdateGroup,
  ): Promise<GroupView> {
    return this.change(principal, id, 'group.updated', async (tx, row) => {
      requireIfMatch(ifMatch, row.version);
      const after = { ...row, name: name ?? row.name, shared: shared ?? row.shared, ownerId: ownerId ?? row.ownerId };
      if (after.ownerId !== row.ownerId) await this.requireOwnerChoice(tx, principal, after.ownerId);
      const fields = ['name', 'shared', 'ownerId'] as const;
      if (fields.some((field) => after[field] !== row[field])) {
        await this.groups.write(tx, principal.teamId, after, this.clock.now());
      }
      return this.view(tx, principal.teamId, await this.require(tx, principal, id));
    });
  }

  async delete(principal: Principal, id: string): Promise<void> {
    await this.change(principal, id, 'group.deleted', (tx) => this.groups.remove(tx, principal.teamId, id));
  }

  /** Only whom the caller sees. */
  async addPeople(principal: Principal, id: string, personIds: readonly string[]): Promise<GroupAddition> {
    const wanted = [...new Set(personIds)];
    return this.change(principal, id, 'group.people_added', async (tx) => {
      const seen = await this.people.holdSeen(tx, principal, wanted);
      const added = await this.groups.addMembers(tx, principal.teamId, id, [...seen], this.clock.now());
      return { added, already: seen.size - added, not_found: wanted.filter((one) => !seen.has(one)) };
    });
  }

  async removePeople(principal: Principal, id: string, personIds: readonly string[]): Promise<GroupRemoval> {
    const wanted = [...new Set(personIds)];
    return this.change(principal, id, 'group.people_removed', async (tx) => {
      const removed = await this.groups.removeMembers(tx, principal.teamId, id, wanted);
      return { removed, absent: wanted.length - removed };
    });
  }

  /**
   * The people of a group whom the viewer sees, at most `limit`, in the order of their ids. Ask for one more than is
   * allowed to learn that there are too many.
   */
  async memberIds(reader: Reader, viewer: Viewer, groupId: string, limit: number): Promise<string[]> {
    await this.require(reader, viewer, groupId);
    return this.people.seenMemberIds(reader, viewer, groupId, limit);
  }

  private async change<T>(
    principal: Principal,
    id: string,
    action: string,
    work: (tx: Tx, row: GroupRow) => Promise<T>,
  ): Promise<T> {
    const { teamId, userId, role, actor } = principal;
    return this.transactions.run(async (tx) => {
      await this.groups.lock(tx, teamId, id);
      const row = await this.require(tx, principal, id);
      if (role !== 'admin' && row.ownerId !== userId) {
        throw new ProductError('forbidden', 'Only the owner of a group, or an admin, changes it.');
      }
      const done = await work(tx, row);
      if (row.ownerId !== userId) {
        const details = { name: row.name, owner_id: row.ownerId };
        await this.audit.record(tx, { teamId, actor, action, target: { type: 'group', id }, details });
      }
      return done;
    });
  }

  private async require(reader: Reader, viewer: Viewer, id: string): Promise<GroupRow> {
    const row = await this.groups.seen(reader, viewer, id);
    if (!row) throw new ProductError('not_found', 'There is no such group, or nobody shared it with you.');
    return row;
  }

  private async requireOwnerChoice(tx: Tx, { role, teamId }: Principal, ownerId: string): Promise<void> {
    if (role !== 'admin') throw new ProductError('forbidden', 'Only admins say who owns a group.');
    if (await isActiveUser(tx, teamId, ownerId)) return;
    throw invalidInput([{ field: 'owner_id', message: 'is no active user of your team' }]);
  }

  private async view(reader: Reader, teamId: string, row: GroupRow): Promise<GroupView> {
    const [view] = await this.views(reader, teamId, [row]);
    return view as GroupView;
  }

  private async views(reader: Reader, teamId: string, rows: readonly GroupRow[]): Promise<GroupView[]> {
    const owners = rows.map((row) => row.ownerId);
    const names = await userNames(reader, teamId, owners);
    const ids = rows.map((row) => row.id);
    const sizes = await this.groups.sizes(reader, teamId, ids);
    return rows.map(({ id, name, shared, ownerId, version, createdAt, updatedAt }) => ({
      ...{ id, name, shared, version, created_at: createdAt, updated_at: updatedAt },
      ...{ owner: { id: ownerId, name: names.get(ownerId) ?? '' }, size: sizes.get(id) ?? 0 },
    }));
  }
}
