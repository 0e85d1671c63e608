import { Injectable } from '@nestjs/common';
import { userNames } from '../../accounts/names.js';
import type { AuthorizationType } from './authorization/person-authorization.entity.js';
import { authorizationsOf } from './authorization/person-authorizations.js';
import { groupsOf } from './group-memberships.js';
import { escapeLike, Parameters } from '../../platform/database/parameters.js';
import type { Reader, Tx } from '../../platform/database/transactions.js';
import type { PersonView } from './people.dto.js';
import type { PersonStanding, Viewer } from './person-access.js';
import { alsoFoundSql, otherAddressesSql } from './person-addresses.js';
import { PeopleInvolvement } from './people-involvement.js';
import { recordsOf, type SalesforceRecord } from './person-records.js';
import { unsubscribedAtSql } from './unsubscribes.js';

export interface PersonRow extends PersonStanding {
  id: string;
  name: string;
  email: string | null;
  otherAddresses: string[];
  firstName: string | null;
  lastName: string | null;
  title: string | null;
  company: string | null;
  phone: string | null;
  source: string | null;
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
  groupId: string | undefined;
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
  p.first_name AS "firstName", p.last_name AS "lastName", p.title, p.company, p.phone, p.source, p.time_zone AS "timeZone",
  p.custom, ${otherAddressesSql('p')} AS "otherAddresses", ${unsubscribedAtSql('p')} AS "unsubscribedAt",
  p.created_at AS "createdAt", p.updated_at AS "updatedAt", ${SORT_KEY} AS "sortKey"`;

/** Reads people as their viewers may see them. */
@Injectable()
export class PeopleQueries {
  constructor(private readonly involvement: PeopleInvolvement) {}

  /** By name; one more than `limit` when there is one. */
  async page(reader: Reader, viewer: Viewer, filter: PeopleFilter): Promise<PersonRow[]> {
    const parameters = new Parameters();
    const team = parameters.add(viewer.teamId);
    const conditions = [`p.team_id = ${team}`, 'p.deleted_at IS NULL', ...conditionsOf(filter, team, parameters)];
    const limit = parameters.add(filter.limit + 1);
    // Each part reads its own index in order; one OR over all of them could read none.
    // Of a group the few are looked up, whoever owns them.
    const visible =
      filter.groupId === undefined
        ? this.visibleParts(viewer, team, parameters)
        : [[this.seenSql(viewer, team, parameters)]];
    const parts = visible.map(
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

  /** Those of these people whom the viewer sees; held, so that nobody is deleted before what follows is written. */
  async holdSeen(tx: Tx, viewer: Viewer, ids: readonly string[]): Promise<Set<string>> {
    const parameters = new Parameters();
    const team = parameters.add(viewer.teamId);
    const seen = this.seenSql(viewer, team, parameters);
    const rows = await tx.query<{ id: string }>(
      `SELECT p.id FROM people p WHERE p.team_id = ${team} AND p.id = ANY(${parameters.add(ids)}::uuid[])
         AND p.deleted_at IS NULL AND ${seen} ORDER BY p.id FOR SHARE OF p`,
      parameters.values,
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** The names of the fields that the people whom the viewer sees have, in order. */
  async customFields(reader: Reader, viewer: Viewer, limit: number): Promise<string[]> {
    const parameters = new Parameters();
    const team = parameters.add(viewer.teamId);
    const seen = this.seenSql(viewer, team, parameters);
    const rows = await reader.query<{ name: string }>(
      `SELECT DISTINCT jsonb_object_keys(p.custom) AS name FROM people p
       WHERE p.team_id = ${team} AND p.deleted_at IS NULL AND p.custom <> '{}' AND ${seen}
       ORDER BY name LIMIT ${parameters.add(limit)}`,
      parameters.values,
    );
    return rows.map(({ name }) => name);
  }

  async seenMemberIds(reader: Reader, viewer: Viewer, groupId: string, limit: number): Promise<string[]> {
    const parameters = new Parameters();
    const team = parameters.add(viewer.teamId);
    const seen = this.seenSql(viewer, team, parameters);
    const rows = await reader.query<{ id: string }>(
      `SELECT p.id FROM group_members m JOIN people p ON p.team_id = m.team_id AND p.id = m.person_id
       WHERE m.team_id = ${team} AND m.group_id = ${parameters.add(groupId)} AND p.deleted_at IS NULL AND ${seen}
       ORDER BY m.person_id LIMIT ${parameters.add(limit)}`,
      parameters.values,
    );
    return rows.map(({ id }) => id);
  }

  async views(reader: Reader, viewer: Viewer, rows: readonly PersonRow[]): Promise<PersonView[]> {
    const { teamId } = viewer;
    const ids = rows.map((row) => row.id);
    const owners = rows.map((row) => row.ownerId);
    const names = await userNames(reader, teamId, owners);
    const records = await recordsOf(reader, teamId, ids);
    const groups = await groupsOf(reader, viewer, ids);
    const grounds = await authorizationsOf(reader, teamId, ids);
    return rows.map((row) => ({
      ...viewOf(row, names, records),
      ...{ groups: groups.get(row.id) ?? [], authorization: groundOf(grounds.get(row.id)) },
    }));
  }

  /** For a few people by their ids; `visibleParts` is for lists in order. */
  private seenSql(viewer: Viewer, team: string, parameters: Parameters): string {
    if (viewer.role === 'admin') return 'true';
    const user = parameters.add(viewer.userId);
    return `(p.shared OR p.owner_id = ${user} OR p.id IN (${this.involvement.idsSql(team, user)}))`;
  }

  private visibleParts(viewer: Viewer, team: string, parameters: Parameters): string[][] {
    if (viewer.role === 'admin') return [[]];
    const user = parameters.add(viewer.userId);
    const mine = `SELECT id FROM people WHERE team_id = ${team} AND owner_id = ${user}`;
    return [['p.shared'], ['NOT p.shared', `p.id IN (${mine} UNION ALL ${this.involvement.idsSql(team, user)})`]];
  }
}

function conditionsOf({ q, groupId, after }: PeopleFilter, team: string, parameters: Parameters): string[] {
  const conditions: string[] = [];
  if (q !== undefined && q.length < TRIGRAM) {
    conditions.push(`${SORT_KEY} LIKE lower(${parameters.add(`${escapeLike(q)}%`)})`);
  } else if (q !== undefined) {
    const pattern = parameters.add(`%${escapeLike(q)}%`);
    conditions.push(`(${SEARCHED} LIKE lower(${pattern}) OR p.id = ANY(${alsoFoundSql(team, pattern)}))`);
  }
  if (groupId !== undefined) {
    const members = `SELECT person_id FROM group_members WHERE team_id = ${team} AND group_id = ${parameters.add(groupId)}`;
    conditions.push(`p.id IN (${members})`);
  }
  if (after) conditions.push(`(${SORT_KEY}, p.id) > (${parameters.add(after[0])}, ${parameters.add(after[1])}::uuid)`);
  return conditions;
}

function viewOf(
  row: PersonRow,
  names: ReadonlyMap<string, string>,
  records: ReadonlyMap<string, SalesforceRecord[]>,
): Omit<PersonView, 'groups' | 'authorization'> {
  const { id, name, email, title, company, phone, source, custom, shared, ownerId, version, createdAt, updatedAt } =
    row;
  return {
    id,
    name,
    first_name: row.firstName,
    last_name: row.lastName,
    email,
    other_addresses: row.otherAddresses,
    title,
    company,
    phone,
    source,
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

function groundOf(
  row:
    | { type: AuthorizationType; source: string | null; consentedOn: string | null; purpose: string | null; at: Date }
    | undefined,
): PersonView['authorization'] {
  if (!row) return null;
  const { type, source, consentedOn, purpose, at } = row;
  return { type, source, consented_on: consentedOn, purpose, at };
}
