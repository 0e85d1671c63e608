import { Injectable } from '@nestjs/common';
import { userNames } from '../../accounts/names.js';
import { escapeLike, Parameters } from '../../platform/database/parameters.js';
import type { Reader } from '../../platform/database/transactions.js';
import type { PersonView } from './people.dto.js';
import type { PersonStanding, Viewer } from './person-access.js';
import { PeopleInvolvement } from './people-involvement.js';
import { recordsOf, type SalesforceRecord } from './person-records.js';
import { unsubscribedAtSql } from './unsubscribes.js';

export interface PersonRow extends PersonStanding {
  id: string;
  name: string;
  email: string | null;
  firstName: string | null;
  lastName: string | null;
  title: string | null;
  company: string | null;
  phone: string | null;
  timeZone: string | null;
  custom: Record<string, string>;
  unsubscribedAt: Date | null;
  version: number;
  createdAt: Date;
  updatedAt: Date;
  /** What people are sorted by. */
  sortKey: string;
}

export interface PeopleFilter {
  q: string | undefined;
  /** Sort key and id of the last person shown. */
  after: readonly [string, string] | null;
  limit: number;
}

// As the indexes have it: the same order on every server, whatever its language.
const SORT_KEY = 'lower(p.name) COLLATE "C"';
const SEARCHED = `(lower(p.name) || ' ' || coalesce(p.email, ''))`;
// Shorter texts have no trigram for the index to find.
const TRIGRAM = 3;

const COLUMNS = `p.id, p.name, p.email, p.owner_id AS "ownerId", p.shared, p.version,
  p.first_name AS "firstName", p.last_name AS "lastName", p.title, p.company, p.phone, p.time_zone AS "timeZone",
  p.custom, ${unsubscribedAtSql('p')} AS "unsubscribedAt",
  p.created_at AS "createdAt", p.updated_at AS "updatedAt", ${SORT_KEY} AS "sortKey"`;

/** Reads people as their viewers may see them. */
@Injectable()
export class PeopleQueries {
  constructor(private readonly involvement: PeopleInvolvement) {}

  /** By name; one more than `limit` when there is one. */
  async page(reader: Reader, viewer: Viewer, filter: PeopleFilter): Promise<PersonRow[]> {
    const parameters = new Parameters();
    const team = parameters.add(viewer.teamId);
    const conditions = [`p.team_id = ${team}`, 'p.deleted_at IS NULL', ...conditionsOf(filter, parameters)];
    const limit = parameters.add(filter.limit + 1);
    // Each part reads its own index in order; one OR over all of them could read none.
    const parts = this.visibleParts(viewer, team, parameters).map(
      (part) =>
        `(SELECT p.* FROM people p WHERE ${[...conditions, ...part].join(' AND ')} ORDER BY ${SORT_KEY}, p.id LIMIT ${limit})`,
    );
    const sql = `SELECT ${COLUMNS} FROM (${parts.join(' UNION ALL ')}) p ORDER BY ${SORT_KEY}, p.id LIMIT ${limit}`;
    return reader.query<PersonRow>(sql, parameters.values);
  }

  async byId(reader: Reader, teamId: string, id: string): Promise<PersonRow | undefined> {
    const sql = `SELECT ${COLUMNS} FROM people p WHERE p.team_id = $1 AND p.id = $2 AND p.deleted_at IS NULL`;
    const [row] = await reader.query<PersonRow>(sql, [teamId, id]);
    return row;
  }

  /** Whether the viewer has something to do with this person. */
  async isInvolved(reader: Reader, viewer: Viewer, personId: string): Promise<'involved' | 'not'> {
    if (viewer.userId === null) return 'not';
    const ids = this.involvement.idsSql('$1', '$2');
    const rows = await reader.query(`SELECT 1 FROM (${ids}) i (id) WHERE i.id = $3 LIMIT 1`, [
      viewer.teamId,
      viewer.userId,
      personId,
    ]);
    return rows.length > 0 ? 'involved' : 'not';
  }

  async views(reader: Reader, teamId: string, rows: readonly PersonRow[]): Promise<PersonView[]> {
    const names = await userNames(
      reader,
      teamId,
      rows.map((row) => row.ownerId),
    );
    const records = await recordsOf(
      reader,
      teamId,
      rows.map((row) => row.id),
    );
    return rows.map((row) => viewOf(row, names, records));
  }

  private visibleParts(viewer: Viewer, team: string, parameters: Parameters): string[][] {
    if (viewer.role === 'admin') return [[]];
    const user = parameters.add(viewer.userId);
    const mine = `SELECT id FROM people WHERE team_id = ${team} AND owner_id = ${user}`;
    return [['p.shared'], ['NOT p.shared', `p.id IN (${mine} UNION ALL ${this.involvement.idsSql(team, user)})`]];
  }
}

function conditionsOf({ q, after }: PeopleFilter, parameters: Parameters): string[] {
  const conditions: string[] = [];
  if (q !== undefined && q.length < TRIGRAM) {
    conditions.push(`${SORT_KEY} LIKE lower(${parameters.add(`${escapeLike(q)}%`)})`);
  } else if (q !== undefined) {
    conditions.push(`${SEARCHED} LIKE lower(${parameters.add(`%${escapeLike(q)}%`)})`);
  }
  if (after) conditions.push(`(${SORT_KEY}, p.id) > (${parameters.add(after[0])}, ${parameters.add(after[1])}::uuid)`);
  return conditions;
}

function viewOf(
  row: PersonRow,
  names: ReadonlyMap<string, string>,
  records: ReadonlyMap<string, SalesforceRecord[]>,
): PersonView {
  const { id, name, email, title, company, phone, custom, shared, ownerId, version, createdAt, updatedAt } = row;
  return {
    id,
    name,
    first_name: row.firstName,
    last_name: row.lastName,
    email,
    title,
    company,
    phone,
    time_zone: row.timeZone,
    custom,
    unsubscribed_at: row.unsubscribedAt,
    shared,
    owner: ownerId === null ? null : { id: ownerId, name: names.get(ownerId) ?? '' },
    salesforce_records: records.get(id) ?? [],
    version,
    created_at: createdAt,
    updated_at: updatedAt,
  };
}
