import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Audit } from '../../../accounts/audit/audit.js';
import { Clock } from '../../../platform/clock/clock.js';
import type { Tx } from '../../../platform/database/transactions.js';
import { ProductError } from '../../../platform/errors/product-error.js';
import { ErasedUnsubscribes } from '../erase/erased-unsubscribes.js';
import type { CreatePerson, UpdatePerson } from '../people.dto.js';
import { PeopleQueries } from '../people-queries.repository.js';
import { claimAllSql } from '../person-addresses.js';
import { personAccess, type Viewer } from '../person-access.js';
import {
  DETAIL_COLUMNS,
  type DetailValues,
  detailValues,
  manyDetails,
  NO_DETAILS,
  sameDetails,
  withDetails,
} from '../person-details.js';
import type { SalesforceRecord } from '../person-records.js';
import { Unsubscribes } from '../unsubscribes.js';
import { attachToPeople, type Known, knownPeople, looseRecords } from './import-matches.js';
import type { OptOut } from './import-mapping.js';
import type { DoneRow } from './people-imports.repository.js';

export interface Wanted {
  row: number;
  email: string | null;
  values: CreatePerson;
  given: UpdatePerson;
  /** Which lead or contact they are. */
  record: SalesforceRecord | null;
  /** They want no commercial emails. */
  unsubscribed: boolean;
}

/** A row, and the person whom it is about. */
interface Met {
  one: Wanted;
  personId: string;
}

interface Wish {
  personId: string;
  source: 'salesforce' | 'import';
}

export interface UpsertMode {
  /** Whether who is made is shared with the team. */
  shared: boolean;
  dryRun: boolean;
  /**
   * Read there, not brought by the importer: people without an owner, as the sync makes them, become theirs, and an
   * opt-out counts for whoever it is about.
   */
  fromSalesforce: boolean;
  /** In a dry run: addresses and records that would be somebody's by what was looked at before. */
  met: Iterable<string>;
}

// Somebody may make or delete the very person between two looks.
const LOOKS = 3;

/**
 * People by their Salesforce records and addresses: changed where the viewer may, made where there is nobody. A batch in
 * a few statements.
 */
@Injectable()
export class PeopleUpserts {
  constructor(
    private readonly queries: PeopleQueries,
    private readonly unsubscribes: Unsubscribes,
    private readonly erased: ErasedUnsubscribes,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  async apply(
    tx: Tx,
    viewer: Viewer & { userId: string },
    wanted: readonly Wanted[],
    mode: UpsertMode,
  ): Promise<DoneRow[]> {
    const done: DoneRow[] = [];
    let left = [...wanted];
    for (let look = 0; look < LOOKS && left.length > 0; look++) {
      const known = await knownPeople(tx, viewer.teamId, left);
      const met = left.filter(({ row }) => known.has(row));
      done.push(...(await this.change(tx, viewer, met, known, mode)));
      const fresh = left.filter(({ row }) => !known.has(row));
      // Whoever comes a second time is met at the next look, also by a record that somebody got at this one.
      const firsts = onlyFirsts(fresh, [...mode.met, ...met.flatMap(({ record }) => record?.id ?? [])]);
      const made = await this.make(tx, viewer, firsts, mode);
      done.push(...made);
      if (mode.dryRun) {
        const others = fresh.filter((one) => !firsts.includes(one));
        return [...done, ...others.map((one) => outcomeOf(one, 'updated', null))];
      }
      const rows = new Set(made.map(({ row }) => row));
      left = fresh.filter(({ row }) => !rows.has(row));
    }
    return [...done, ...left.map((one) => outcomeOf(one, 'refused', null, 'somebody else is changing this person'))];
  }

  /** What Salesforce says of opt-outs counts for whoever is known, whatever else was wrong with the row. */
  async unsubscribeKnown(
    tx: Tx,
    viewer: Viewer & { userId: string },
    optOuts: readonly (OptOut & { row: number })[],
  ): Promise<void> {
    if (optOuts.length === 0) return;
    const known = await knownPeople(tx, viewer.teamId, optOuts);
    const ids = [...known.values()].flatMap(({ id, unsubscribedAt }) => (unsubscribedAt === null ? [id] : []));
    const wishes = [...new Set(ids)].map((personId) => ({ personId, source: 'salesforce' as const }));
    await this.unsubscribe(tx, viewer, wishes);
  }

  private async change(
    tx: Tx,
    viewer: Viewer & { userId: string },
    met: readonly Wanted[],
    known: ReadonlyMap<number, Known>,
    mode: UpsertMode,
  ): Promise<DoneRow[]> {
    const pairs = met.map((one) => ({ one, before: known.get(one.row) as Known }));
    const seen = await this.queries.holdSeen(
      tx,
      viewer,
      pairs.map(({ before }) => before.id),
    );
    const loose = await looseRecords(
      tx,
      viewer.teamId,
      met.flatMap(({ record }) => record ?? []),
    );
    const changes = new Map<string, { after: Known; before: Known }>();
    const beside: Met[] = [];
    const wishes: Wish[] = [];
    const done = pairs.map(({ one, before }) => {
      const claims = mode.fromSalesforce && before.ownerId === null && !before.shared;
      const access = claims ? 'own' : personAccess(viewer, before, seen.has(before.id) ? 'involved' : 'not');
      if (access !== 'edit' && access !== 'own') {
        const reason = `this ${one.record ? 'record' : 'address'} is somebody else’s person`;
        if (!one.unsubscribed || !mode.fromSalesforce) return outcomeOf(one, 'refused', null, reason);
        if (before.unsubscribedAt === null) wishes.push(wishOf(one, before.id));
        return outcomeOf(one, 'refused', null, `${reason}: only the opt-out counts`);
      }
      // Two rows of a batch may name one person: the later one goes on from the earlier.
      const present = changes.get(before.id)?.after ?? before;
      const after = changed(present, one.given);
      if (typeof after === 'string') {
        if (one.unsubscribed && mode.fromSalesforce && before.unsubscribedAt === null)
          wishes.push(wishOf(one, before.id));
        return outcomeOf(one, 'refused', null, after);
      }
      const owned = claims ? { ...after, ownerId: viewer.userId } : after;
      beside.push({ one, personId: before.id });
      const unsubscribes = one.unsubscribed && before.unsubscribedAt === null;
      if (unsubscribes) wishes.push(wishOf(one, before.id));
      const isSame = owned.name === present.name && owned.ownerId === present.ownerId && sameDetails(present, owned);
      if (!isSame) changes.set(before.id, { before, after: owned });
      const more = loose.has(one.record?.id ?? '') || unsubscribes;
      return outcomeOf(one, isSame && !more ? 'unchanged' : 'updated', before.id);
    });
    if (mode.dryRun) return done;
    if (changes.size > 0) await this.write(tx, viewer, [...changes.values()]);
    await this.attach(tx, viewer, beside);
    await this.unsubscribe(tx, viewer, wishes);
    return done;
  }

  private async attach(tx: Tx, { teamId }: Viewer, people: readonly Met[]): Promise<void> {
    const links = people.flatMap(({ one: { record }, personId }) => (record ? [{ personId, record }] : []));
    await attachToPeople(tx, teamId, links);
  }

  private async unsubscribe(tx: Tx, { teamId, userId }: Viewer, wishes: readonly Wish[]): Promise<void> {
    for (const { personId, source } of wishes) {
      const wish = { source, reason: null, actor: `user:${String(userId)}`, emailId: null, at: this.clock.now() };
      await this.unsubscribes.unsubscribe(tx, teamId, personId, wish);
    }
  }

  private async write(tx: Tx, viewer: Viewer, changes: readonly { after: Known; before: Known }[]): Promise<void> {
    const { teamId, userId, role } = viewer;
    const people = changes.map(({ after }) => after);
    const details = manyDetails(6, 't');
    await tx.query(
      `UPDATE people p SET name = t.name, owner_id = t.owner_id, updated_at = $2, version = version + 1,
         (${DETAIL_COLUMNS}) = (${details.stored})
       FROM unnest($3::uuid[], $4::text[], $5::uuid[], ${details.unnested}) AS t (id, name, owner_id, ${DETAIL_COLUMNS})
       WHERE p.team_id = $1 AND p.id = t.id`,
      [
        teamId,
        this.clock.now(),
        people.map(({ id }) => id),
        people.map(({ name }) => name),
        people.map(({ ownerId }) => ownerId),
        ...detailColumns(people),
      ],
    );
    const reached = changes.filter(({ before }) => role === 'admin' && !before.shared && before.ownerId !== userId);
    await this.audit.recordAll(
      tx,
      reached.map(({ before }) => ({
        ...{ teamId, actor: `user:${String(userId)}`, action: 'person.updated' },
        ...{ target: { type: 'person', id: before.id }, details: { by: 'import', owner_id: before.ownerId } },
      })),
    );
  }

  /** Those whose address somebody else was faster with are left out. */
  private async make(
    tx: Tx,
    viewer: Viewer & { userId: string },
    fresh: readonly Wanted[],
    { shared, dryRun }: UpsertMode,
  ): Promise<DoneRow[]> {
    const { teamId, userId } = viewer;
    if (dryRun) return fresh.map((one) => outcomeOf(one, 'created', null));
    if (fresh.length === 0) return [];
    const people = fresh.map((one) => ({ one, id: uuidv7(), ...withDetails(NO_DETAILS, one.values) }));
    const details = manyDetails(8, 't');
    const rows = await tx.query<{ id: string }>(
      `WITH t AS MATERIALIZED (
         SELECT * FROM unnest($3::uuid[], $4::text[], $5::text[], ${details.unnested})
           AS t (id, name, email, ${DETAIL_COLUMNS})),
       claimed AS (${claimAllSql('$1', 't')})
       INSERT INTO people (team_id, id, name, email, owner_id, shared, created_at, updated_at, ${DETAIL_COLUMNS})
       SELECT $1, t.id, t.name, t.email, $6, $7, $2, $2, ${details.stored} FROM t
       WHERE t.email IS NULL OR t.email IN (SELECT email FROM claimed) RETURNING id`,
      [
        ...[teamId, this.clock.now(), people.map(({ id }) => id), people.map(({ one }) => one.values.name)],
        ...[people.map(({ one }) => one.email), userId, shared, ...detailColumns(people)],
      ],
    );
    const made = new Set(rows.map(({ id }) => id));
    const there = people.filter(({ id }) => made.has(id));
    const addresses = there.flatMap(({ one }) => one.email ?? []);
    await this.erased.recall(tx, teamId, addresses);
    const met = there.map(({ one, id }) => ({ one, personId: id }));
    await this.attach(tx, viewer, met);
    await this.unsubscribe(
      tx,
      viewer,
      met.flatMap(({ one, personId }) => (one.unsubscribed ? [wishOf(one, personId)] : [])),
    );
    return there.map(({ one, id }) => outcomeOf(one, 'created', id));
  }
}

function wishOf({ record }: Wanted, personId: string): Wish {
  return { personId, source: record ? 'salesforce' : 'import' };
}

/** Of rows with one record or one address the first: the others are the same person, as who was met before is. */
function onlyFirsts(rows: readonly Wanted[], met: Iterable<string>): Wanted[] {
  const keys = new Set(met);
  return rows.filter(({ email, record }) => {
    const own = [email, record?.id ?? null].filter((key) => key !== null);
    const isFirst = !own.some((key) => keys.has(key));
    // Whoever is known gets another record, and keeps their address.
    if (isFirst && email !== null) keys.add(email);
    if (record) keys.add(record.id);
    return isFirst;
  });
}

/** Column by column, for unnest. */
function detailColumns(people: readonly DetailValues[]): unknown[][] {
  const rows = people.map(detailValues);
  return detailValues(NO_DETAILS).map((_, column) => rows.map((row) => row[column]));
}

function changed(before: Known, { name = before.name, ...given }: UpdatePerson): Known | string {
  try {
    return withDetails({ ...before, name }, given);
  } catch (error) {
    if (error instanceof ProductError) return error.message;
    throw error;
  }
}

function outcomeOf(
  { row, email, record }: Wanted,
  outcome: DoneRow['outcome'],
  personId: string | null,
  reason: string | null = null,
): DoneRow {
  const isTaken = outcome !== 'refused';
  return {
    row,
    email: isTaken ? email : null,
    recordId: isTaken && record ? record.id : null,
    outcome,
    reason,
    personId,
  };
}
