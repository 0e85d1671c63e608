import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Principal } from '../../accounts/access.js';
import { isActiveUser } from '../../accounts/names.js';
import { Clock } from '../../platform/clock/clock.js';
import { type Reader, Transactions, type Tx, violatedConstraint } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { requireIfMatch } from '../../platform/http/conditions.js';
import { decodeCursor, encodeCursor } from '../../platform/http/page.js';
import { invalidInput } from '../../platform/http/validation.js';
import { ErasedUnsubscribes } from './erase/erased-unsubscribes.js';
import { leaveGroups } from './group-memberships.js';
import { Groups } from './groups.repository.js';
import type { CreatePerson, PeoplePage, PeopleQuery, PersonView, UpdatePerson } from './people.dto.js';
import { PeopleQueries, type PersonRow } from './people-queries.repository.js';
import {
  DETAIL_COLUMNS,
  detailParameters,
  detailValues,
  NO_DETAILS,
  sameDetails,
  withDetails,
} from './person-details.js';
import type { PersonAccess, Viewer } from './person-access.js';
import { claimAddress, releaseAddresses, replaceMainAddress, takenAddress } from './person-addresses.js';
import { NO_PERSON, PersonGuard } from './person-guard.js';
import { attachRecords, detachRecords, recordsOf, type SalesforceRecord, toRecords } from './person-records.js';
import { Unsubscribes } from './unsubscribes.js';

@Injectable()
export class PeopleService {
  constructor(
    private readonly transactions: Transactions,
    private readonly queries: PeopleQueries,
    private readonly groups: Groups,
    private readonly clock: Clock,
    private readonly guard: PersonGuard,
    private readonly unsubscribes: Unsubscribes,
    private readonly erased: ErasedUnsubscribes,
  ) {}

  async list(principal: Principal, { q, group_id: groupId, after, limit }: PeopleQuery): Promise<PeoplePage> {
    const position = after === undefined ? null : (decodeCursor(after, 2).map(String) as [string, string]);
    await this.requireGroup(principal, groupId);
    const rows = await this.queries.page(this.transactions, principal, { q, groupId, after: position, limit });
    const shown = rows.slice(0, limit);
    const views = await this.queries.views(this.transactions, principal, shown);
    const last = shown.at(-1);
    const next = rows.length > limit && last ? encodeCursor([last.sortKey, last.id]) : null;
    return { data: views, next };
  }

  /** A filter by a group is for those who see the group. */
  async requireGroup(viewer: Viewer, groupId: string | undefined): Promise<void> {
    if (groupId === undefined || (await this.groups.seen(this.transactions, viewer, groupId))) return;
    throw invalidInput([{ field: 'group_id', message: 'is no group that you see' }]);
  }

  async get(principal: Principal, id: string): Promise<PersonView> {
    await this.guard.require(this.transactions, principal, id, ['read', 'edit', 'own']);
    return this.view(this.transactions, principal, id);
  }

  async create(principal: Principal, input: CreatePerson): Promise<PersonView> {
    const { name, email = null, shared = false, salesforce_ids: salesforceIds = [] } = input;
    const ownerId = input.owner_id === undefined ? principal.userId : input.owner_id;
    const records = toRecords(salesforceIds);
    const [id, at] = [uuidv7(), this.clock.now()];
    return refusingDuplicates(() =>
      this.transactions.run(async (tx) => {
        if (ownerId !== principal.userId) await this.requireOwnerChoice(tx, principal, ownerId);
        await tx.query(
          `INSERT INTO people (team_id, id, name, email, owner_id, shared, created_at, updated_at, ${DETAIL_COLUMNS})
           VALUES ($1, $2, $3, $4, $5, $6, $7, $7, ${detailParameters(8)})`,
          [principal.teamId, id, name, email, ownerId, shared, at, ...detailValues(withDetails(NO_DETAILS, input))],
        );
        if (email !== null) await claimAddress(tx, principal.teamId, id, email, 'main');
        await this.erased.recall(tx, principal.teamId, addressesOf(email));
        await attachRecords(tx, principal.teamId, id, records);
        return this.view(tx, principal, id);
      }),
    );
  }

  async update(
    principal: Principal,
    id: string,
    ifMatch: string | undefined,
    input: UpdatePerson,
  ): Promise<PersonView> {
    const records = input.salesforce_ids && toRecords(input.salesforce_ids);
    return refusingDuplicates(() =>
      this.transactions.run(async (tx) => {
        const { row, access } = await this.guard.holdEditable(tx, principal, id);
        requireIfMatch(ifMatch, row.version);
        const after = afterEdit(row, input);
        if (after.ownerId !== row.ownerId) await this.requireOwnerChoice(tx, principal, after.ownerId);
        if (after.shared !== row.shared && access !== 'own') {
          throw new ProductError('forbidden', 'Only the owner of a person, or an admin, decides about sharing.');
        }
        await this.write(tx, principal.teamId, row, after, records);
        await this.guard.tell(tx, principal, row, 'person.updated', { fields: Object.keys(input) });
        return this.view(tx, principal, id);
      }),
    );
  }

  async delete(principal: Principal, id: string): Promise<void> {
    await this.transactions.run(async (tx) => {
      const { row, access } = await this.guard.hold(tx, principal, id);
      if (access !== 'own')
        throw new ProductError('forbidden', 'Only the owner of a person, or an admin, deletes them.');
      await tx.query('UPDATE people SET deleted_at = $3, version = version + 1 WHERE team_id = $1 AND id = $2', [
        principal.teamId,
        id,
        this.clock.now(),
      ]);
      // A record met again in Salesforce is then a new person, not a deleted one.
      await detachRecords(tx, principal.teamId, id);
      await releaseAddresses(tx, principal.teamId, id);
      await leaveGroups(tx, principal.teamId, id);
      await this.guard.tell(tx, principal, row, 'person.deleted', {});
    });
  }

  /** As PersonGuard says, for other rooms. */
  accessTo(reader: Reader, viewer: Viewer, personId: string): Promise<PersonAccess> {
    return this.guard.accessTo(reader, viewer, personId);
  }

  private async requireOwnerChoice(tx: Tx, principal: Principal, ownerId: string | null): Promise<void> {
    if (principal.role !== 'admin') throw new ProductError('forbidden', 'Only admins say who owns a person.');
    if (ownerId === null || (await isActiveUser(tx, principal.teamId, ownerId))) return;
    throw invalidInput([{ field: 'owner_id', message: 'is no active user of your team' }]);
  }

  private async write(
    tx: Tx,
    teamId: string,
    before: PersonRow,
    after: PersonRow,
    records: readonly SalesforceRecord[] | undefined,
  ): Promise<void> {
    const keys = (list: readonly { id: string }[]) =>
      list
        .map(({ id }) => id)
        .sort()
        .join();
    const present = (await recordsOf(tx, teamId, [before.id])).get(before.id) ?? [];
    const others = records !== undefined && keys(records) !== keys(present);
    if (others) {
      await detachRecords(tx, teamId, before.id);
      await attachRecords(tx, teamId, before.id, records);
    }
    const { id, name, email, ownerId, shared } = after;
    const fields = ['name', 'email', 'ownerId', 'shared'] as const;
    const same = fields.every((field) => after[field] === before[field]) && sameDetails(before, after);
    if (!others && same) return;
    if (email !== before.email) {
      await replaceMainAddress(tx, teamId, id, email);
      await this.erased.recall(tx, teamId, addressesOf(email));
    }
    if (before.unsubscribedAt !== null && email !== null && email !== before.email) {
      await this.unsubscribes.keep(tx, teamId, email, before.unsubscribedAt);
    }
    await tx.query(
      `UPDATE people SET name = $3, email = $4, owner_id = $5, shared = $6, updated_at = $7, version = version + 1,
         (${DETAIL_COLUMNS}) = (${detailParameters(8)})
       WHERE team_id = $1 AND id = $2`,
      [teamId, id, name, email, ownerId, shared, this.clock.now(), ...detailValues(after)],
    );
  }

  private async view(reader: Reader, viewer: Viewer, id: string): Promise<PersonView> {
    const row = await this.queries.byId(reader, viewer.teamId, id);
    const [view] = await this.queries.views(reader, viewer, row ? [row] : []);
    if (!view) throw new ProductError('not_found', NO_PERSON);
    return view;
  }
}

function addressesOf(email: string | null): string[] {
  return email === null ? [] : [email];
}

function afterEdit(row: PersonRow, input: UpdatePerson): PersonRow {
  const { name = row.name, email = row.email, shared = row.shared, owner_id: ownerId = row.ownerId } = input;
  return withDetails({ ...row, name, email, shared, ownerId }, input);
}

async function refusingDuplicates<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (violatedConstraint(error) === 'uq_people_email') throw takenAddress();
    if (violatedConstraint(error) === 'pk_person_salesforce_records') {
      const fields = [{ field: 'salesforce_ids', message: 'has a record of another person' }];
      throw new ProductError('conflict', 'A record of Salesforce is one person only.', fields);
    }
    throw error;
  }
}
