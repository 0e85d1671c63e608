import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Audit } from '../../../accounts/audit/audit.js';
import { Clock } from '../../../platform/clock/clock.js';
import type { Tx } from '../../../platform/database/transactions.js';
import { ProductError } from '../../../platform/errors/product-error.js';
import type { CreatePerson, UpdatePerson } from '../people.dto.js';
import { PeopleQueries } from '../people-queries.repository.js';
import { claimAllSql } from '../person-addresses.js';
import { personAccess, type PersonStanding, type Viewer } from '../person-access.js';
import {
  DETAIL_COLUMNS,
  type DetailValues,
  detailValues,
  NO_DETAILS,
  sameDetails,
  withDetails,
} from '../person-details.js';
import type { DoneRow } from './people-imports.repository.js';

export interface Wanted {
  row: number;
  email: string | null;
  values: CreatePerson;
  given: UpdatePerson;
}

interface Known extends DetailValues, PersonStanding {
  id: string;
  name: string;
  /** The one that they were met by: the main one or another. */
  email: string;
}

// Somebody may make or delete the very person between two looks.
const LOOKS = 3;
const DETAILS_UNNESTED = '$4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[]';

/** People by their addresses: changed where the viewer may, made where there is nobody. A batch in a few statements. */
@Injectable()
export class PeopleUpserts {
  constructor(
    private readonly queries: PeopleQueries,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  async apply(
    tx: Tx,
    viewer: Viewer & { userId: string },
    wanted: readonly Wanted[],
    mode: { shared: boolean; dryRun: boolean },
  ): Promise<DoneRow[]> {
    const done: DoneRow[] = [];
    let left = [...wanted];
    for (let look = 0; look < LOOKS && left.length > 0; look++) {
      const known = await this.known(tx, viewer.teamId, left);
      const met = left.filter(({ email }) => email !== null && known.has(email));
      done.push(...(await this.change(tx, viewer, met, known, mode.dryRun)));
      const fresh = left.filter(({ email }) => email === null || !known.has(email));
      const made = await this.make(tx, viewer, fresh, mode);
      done.push(...made);
      const rows = new Set(made.map(({ row }) => row));
      left = fresh.filter(({ row }) => !rows.has(row));
    }
    return [...done, ...left.map((one) => outcomeOf(one, 'refused', null, 'somebody else is changing this person'))];
  }

  private async known(tx: Tx, teamId: string, wanted: readonly Wanted[]): Promise<Map<string, Known>> {
    const rows = await tx.query<Known>(
      `SELECT p.id, p.name, a.email, p.owner_id AS "ownerId", p.shared, p.first_name AS "firstName",
         p.last_name AS "lastName", p.title, p.company, p.phone, p.time_zone AS "timeZone", p.custom
       FROM person_addresses a JOIN people p ON p.team_id = a.team_id AND p.id = a.person_id
       WHERE a.team_id = $1 AND a.email = ANY($2::text[]) AND p.deleted_at IS NULL
       ORDER BY p.id FOR NO KEY UPDATE OF p`,
      [teamId, wanted.flatMap(({ email }) => (email === null ? [] : [email]))],
    );
    return new Map(rows.map((row) => [row.email, row]));
  }

  private async change(
    tx: Tx,
    viewer: Viewer,
    met: readonly Wanted[],
    known: ReadonlyMap<string, Known>,
    dryRun: boolean,
  ): Promise<DoneRow[]> {
    const pairs = met.map((one) => ({ one, before: known.get(one.email ?? '') as Known }));
    const seen = await this.queries.holdSeen(
      tx,
      viewer,
      pairs.map(({ before }) => before.id),
    );
    const changes = new Map<string, { after: Known; before: Known }>();
    const done = pairs.map(({ one, before }) => {
      const access = personAccess(viewer, before, seen.has(before.id) ? 'involved' : 'not');
      if (access !== 'edit' && access !== 'own') {
        return outcomeOf(one, 'refused', null, 'this address is somebody else’s person');
      }
      // Two rows of a batch may name one person by two addresses: the later one goes on from the earlier.
      const present = changes.get(before.id)?.after ?? before;
      const after = changed(present, one.given);
      if (typeof after === 'string') return outcomeOf(one, 'refused', null, after);
      if (after.name === present.name && sameDetails(present, after)) return outcomeOf(one, 'unchanged', before.id);
      changes.set(before.id, { before, after });
      return outcomeOf(one, 'updated', before.id);
    });
    if (!dryRun && changes.size > 0) await this.write(tx, viewer, [...changes.values()]);
    return done;
  }

  private async write(tx: Tx, viewer: Viewer, changes: readonly { after: Known; before: Known }[]): Promise<void> {
    const { teamId, userId, role } = viewer;
    const people = changes.map(({ after }) => after);
    await tx.query(
      `UPDATE people p SET name = t.name, updated_at = $2, version = version + 1,
         (${DETAIL_COLUMNS}) = (t.d1, t.d2, t.d3, t.d4, t.d5, t.d6, t.d7::jsonb)
       FROM unnest($3::uuid[], ${DETAILS_UNNESTED}, $11::text[]) AS t (id, d1, d2, d3, d4, d5, d6, d7, name)
       WHERE p.team_id = $1 AND p.id = t.id`,
      [teamId, this.clock.now(), people.map(({ id }) => id), ...detailColumns(people), people.map(({ name }) => name)],
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
    { teamId, userId }: Viewer & { userId: string },
    fresh: readonly Wanted[],
    { shared, dryRun }: { shared: boolean; dryRun: boolean },
  ): Promise<DoneRow[]> {
    if (dryRun) return fresh.map((one) => outcomeOf(one, 'created', null));
    if (fresh.length === 0) return [];
    const people = fresh.map((one) => ({ one, id: uuidv7(), ...withDetails(NO_DETAILS, one.values) }));
    const rows = await tx.query<{ id: string }>(
      `WITH t AS MATERIALIZED (
         SELECT * FROM unnest($3::uuid[], ${DETAILS_UNNESTED}, $11::text[], $14::text[])
           AS t (id, d1, d2, d3, d4, d5, d6, d7, name, email)),
       claimed AS (${claimAllSql('$1', 't')})
       INSERT INTO people (team_id, id, name, email, owner_id, shared, created_at, updated_at, ${DETAIL_COLUMNS})
       SELECT $1, t.id, t.name, t.email, $12, $13, $2, $2, t.d1, t.d2, t.d3, t.d4, t.d5, t.d6, t.d7::jsonb FROM t
       WHERE t.email IS NULL OR t.email IN (SELECT email FROM claimed) RETURNING id`,
      [
        ...[teamId, this.clock.now(), people.map(({ id }) => id), ...detailColumns(people)],
        ...[people.map(({ one }) => one.values.name), userId, shared, people.map(({ one }) => one.email)],
      ],
    );
    const made = new Set(rows.map(({ id }) => id));
    return people.filter(({ id }) => made.has(id)).map(({ one, id }) => outcomeOf(one, 'created', id));
  }
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
  { row, email }: Wanted,
  outcome: DoneRow['outcome'],
  personId: string | null,
  reason: string | null = null,
): DoneRow {
  return { row, email: outcome === 'refused' ? null : email, outcome, reason, personId };
}
