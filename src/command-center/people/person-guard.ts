import { Injectable } from '@nestjs/common';
import type { Principal } from '../../accounts/access.js';
import { Audit } from '../../accounts/audit/audit.js';
import { Clock } from '../../platform/clock/clock.js';
import type { Reader, Tx } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { PeopleQueries, type PersonRow } from './people-queries.repository.js';
import { type PersonAccess, personAccess, type Viewer } from './person-access.js';
import { lockPerson } from './person-records.js';

export const NO_PERSON = 'There is no such person, or nobody shared them with you.';

interface Found {
  row: PersonRow;
  access: PersonAccess;
}

/** Who may see and change a person, and what is said of it. */
@Injectable()
export class PersonGuard {
  constructor(
    private readonly queries: PeopleQueries,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /**
   * What the viewer may do with a person; `none` also when there is no such person. In a transaction they are held, so
   * that nobody merges or erases them before what refers to them is written.
   */
  async accessTo(reader: Reader, viewer: Viewer, personId: string): Promise<PersonAccess> {
    await reader.query('SELECT 1 FROM people WHERE team_id = $1 AND id = $2 FOR KEY SHARE', [viewer.teamId, personId]);
    return (await this.find(reader, viewer, personId)).access;
  }

  async require(reader: Reader, viewer: Viewer, id: string, enough: readonly PersonAccess[]): Promise<Found> {
    const { row, access } = await this.find(reader, viewer, id);
    if (!row || access === 'none') throw new ProductError('not_found', NO_PERSON);
    if (!enough.includes(access)) throw new ProductError('forbidden', 'This person is somebody else’s and not shared.');
    return { row, access };
  }

  /** Somebody whom the caller may see; waits for whoever else changes them. */
  async hold(tx: Tx, viewer: Viewer, id: string): Promise<Found> {
    await lockPerson(tx, viewer.teamId, id);
    return this.require(tx, viewer, id, ['read', 'edit', 'own']);
  }

  /** Somebody whom the caller may change; waits for whoever else does. */
  async holdEditable(tx: Tx, viewer: Viewer, id: string): Promise<Found> {
    await lockPerson(tx, viewer.teamId, id);
    return this.require(tx, viewer, id, ['edit', 'own']);
  }

  /** Another version, when something beside the person's own row changed; told like every other change. */
  async changed(tx: Tx, principal: Principal, row: PersonRow, fields: readonly string[]): Promise<void> {
    await tx.query('UPDATE people SET version = version + 1, updated_at = $3 WHERE team_id = $1 AND id = $2', [
      ...[principal.teamId, row.id, this.clock.now()],
    ]);
    await this.tell(tx, principal, row, 'person.updated', { fields });
  }

  /** What an admin does with a person who is neither theirs nor shared: nobody else's rights reach there. */
  async tell(tx: Tx, principal: Principal, row: PersonRow, action: string, details: object): Promise<void> {
    if (principal.role !== 'admin' || row.shared || row.ownerId === principal.userId) return;
    const { teamId, actor } = principal;
    const target = { type: 'person', id: row.id };
    await this.audit.record(tx, { teamId, actor, action, target, details: { ...details, owner_id: row.ownerId } });
  }

  private async find(
    reader: Reader,
    viewer: Viewer,
    id: string,
  ): Promise<{ row: PersonRow | undefined; access: PersonAccess }> {
    const row = await this.queries.byId(reader, viewer.teamId, id);
    if (!row) return { row, access: 'none' };
    const direct = personAccess(viewer, row, 'not');
    if (direct !== 'none') return { row, access: direct };
    return { row, access: personAccess(viewer, row, await this.queries.isInvolved(reader, viewer, id)) };
  }
}
