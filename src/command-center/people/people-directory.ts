import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Reader, Tx } from '../../platform/database/transactions.js';
import { ErasedUnsubscribes } from './erase/erased-unsubscribes.js';
import type { PersonStanding } from './person-access.js';
import { claimAllSql } from './person-addresses.js';
import { recordsOf } from './person-records.js';

/** A lead or contact as Salesforce shows it. */
export interface RemotePerson {
  salesforceId: string;
  kind: 'lead' | 'contact';
  name: string;
  email: string | null;
}

export interface PersonCard extends PersonStanding {
  id: string;
  name: string;
  email: string | null;
  title: string | null;
  company: string | null;
}

// Somebody may delete the very person that an address led to; the second look then makes a new one.
const LOOKS = 3;

/**
 * Who is who, in bulk: the public face for those who meet people by their Salesforce records.
 *
 * Invariants: a record belongs to one person for good; an email address to at most one person of the team; nobody is
 * made twice, whoever asks at the same time: the unique indexes decide, and the one who loses takes the winner's.
 */
@Injectable()
export class PeopleDirectory {
  constructor(private readonly erased: ErasedUnsubscribes) {}

  /** The person of each record that is known. */
  async bySalesforceIds(tx: Reader, teamId: string, ids: readonly string[]): Promise<Map<string, string>> {
    if (ids.length === 0) return new Map();
    const rows = await tx.query<{ salesforceId: string; personId: string }>(
      `SELECT salesforce_id AS "salesforceId", person_id AS "personId" FROM person_salesforce_records
       WHERE team_id = $1 AND salesforce_id = ANY($2::text[])`,
      [teamId, ids],
    );
    return new Map(rows.map(({ salesforceId, personId }) => [salesforceId, personId]));
  }

  /**
   * The person of each record. One that is new is attached to the person with its email address, the main one or another, or else to a new
   * person. Names and addresses of people who are known stay as they are.
   */
  async ensure(tx: Tx, teamId: string, records: readonly RemotePerson[], at: Date): Promise<Map<string, string>> {
    const wanted = [...new Map(records.map((record) => [record.salesforceId, withCleanEmail(record)])).values()];
    const found = await this.bySalesforceIds(
      tx,
      teamId,
      wanted.map((record) => record.salesforceId),
    );
    for (let look = 0; look < LOOKS; look++) {
      const missing = wanted.filter((record) => !found.has(record.salesforceId));
      if (missing.length === 0) break;
      for (const [salesforceId, personId] of await this.attach(tx, teamId, missing, at))
        found.set(salesforceId, personId);
    }
    return found;
  }

  /** What others show of these people, and who owns them; deleted ones are left out. */
  async cards(reader: Reader, teamId: string, ids: Iterable<string | null>): Promise<Map<string, PersonCard>> {
    const wanted = [...new Set(ids)].filter((id) => id !== null);
    if (wanted.length === 0) return new Map();
    const rows = await reader.query<PersonCard>(
      `SELECT id, name, email, title, company, owner_id AS "ownerId", shared FROM people
       WHERE team_id = $1 AND id = ANY($2::uuid[]) AND deleted_at IS NULL`,
      [teamId, wanted],
    );
    return new Map(rows.map((card) => [card.id, card]));
  }

  /** The Salesforce record of a person that a task is about, unless it says which. */
  async recordOf(tx: Tx, teamId: string, personId: string, wanted: string | null): Promise<string | null> {
    const records = (await recordsOf(tx, teamId, [personId])).get(personId) ?? [];
    const id = (records.find((record) => record.id === wanted) ?? records[0])?.id;
    if (id === undefined) return null;
    // It stays theirs until the task that names it is written: records of an org that is being left are not named anew.
    const held = await tx.query(
      'SELECT 1 FROM person_salesforce_records WHERE team_id = $1 AND salesforce_id = $2 FOR KEY SHARE',
      [teamId, id],
    );
    return held.length > 0 ? id : null;
  }

  private async attach(
    tx: Tx,
    teamId: string,
    records: readonly RemotePerson[],
    at: Date,
  ): Promise<Map<string, string>> {
    const { personIds, made } = await this.peopleFor(tx, teamId, records, at);
    const attached = await this.insertRecords(tx, teamId, records, personIds);
    if (attached.size === records.length) return attached;
    // Somebody else was faster with a record: theirs counts, and whom we made for nothing goes.
    const used = new Set(attached.values());
    await this.unmake(
      tx,
      teamId,
      [...made].filter((id) => !used.has(id)),
    );
    const lost = records.filter(({ salesforceId }) => !attached.has(salesforceId));
    const theirs = await this.bySalesforceIds(
      tx,
      teamId,
      lost.map(({ salesforceId }) => salesforceId),
    );
    return new Map([...attached, ...theirs]);
  }

  /** A person for each record: by address, or made. */
  private async peopleFor(
    tx: Tx,
    teamId: string,
    records: readonly RemotePerson[],
    at: Date,
  ): Promise<{ personIds: Map<string, string>; made: Set<string> }> {
    const withEmail = new Map(records.flatMap((record) => (record.email === null ? [] : [[record.email, record]])));
    const without = records.filter(({ email }) => email === null).map((record) => ({ record, id: uuidv7() }));
    const candidates = [...[...withEmail.values()].map((record) => ({ record, id: uuidv7() })), ...without];
    // In the order of the addresses, so that two callers wait for each other in one direction only.
    const inserted = await tx.query<{ id: string; email: string | null }>(
      `WITH t AS MATERIALIZED (SELECT * FROM unnest($3::uuid[], $4::text[], $5::text[]) AS t (id, name, email)),
       claimed AS (${claimAllSql('$1', 't')})
       INSERT INTO people (team_id, id, name, email, created_at, updated_at)
       SELECT $1, t.id, t.name, t.email, $2, $2 FROM t
       WHERE t.email IS NULL OR t.email IN (SELECT email FROM claimed) RETURNING id, email`,
      [
        teamId,
        at,
        candidates.map(({ id }) => id),
        candidates.map(({ record }) => record.name || record.email || record.salesforceId),
        candidates.map(({ record }) => record.email),
      ],
    );
    const byEmail = new Map(inserted.map(({ id, email }) => [email, id]));
    await this.erased.recall(
      tx,
      teamId,
      inserted.flatMap(({ email }) => email ?? []),
    );
    const known = [...withEmail.keys()].filter((email) => !byEmail.has(email));
    for (const { id, email } of await this.lockByEmail(tx, teamId, known)) byEmail.set(email, id);
    const personIds = new Map(without.map(({ record, id }) => [record.salesforceId, id]));
    for (const { salesforceId, email } of records) {
      const id = email === null ? undefined : byEmail.get(email);
      if (id !== undefined) personIds.set(salesforceId, id);
    }
    return { personIds, made: new Set(inserted.map(({ id }) => id)) };
  }

  /** Shared locks, so that nobody deletes these people before their records are attached. */
  private async lockByEmail(tx: Tx, teamId: string, emails: string[]): Promise<{ id: string; email: string }[]> {
    if (emails.length === 0) return [];
    return tx.query(
      `SELECT p.id, a.email FROM person_addresses a JOIN people p ON p.team_id = a.team_id AND p.id = a.person_id
       WHERE a.team_id = $1 AND a.email = ANY($2::text[]) AND p.deleted_at IS NULL ORDER BY p.id FOR SHARE OF p`,
      [teamId, emails],
    );
  }

  private async insertRecords(
    tx: Tx,
    teamId: string,
    records: readonly RemotePerson[],
    personIds: ReadonlyMap<string, string>,
  ): Promise<Map<string, string>> {
    const known = records.filter(({ salesforceId }) => personIds.has(salesforceId));
    const rows = await tx.query<{ salesforceId: string; personId: string }>(
      `INSERT INTO person_salesforce_records (team_id, salesforce_id, person_id, kind)
       SELECT $1, * FROM unnest($2::text[], $3::uuid[], $4::text[]) AS t (salesforce_id, person_id, kind)
       ORDER BY salesforce_id
       ON CONFLICT (team_id, salesforce_id) DO NOTHING
       RETURNING salesforce_id AS "salesforceId", person_id AS "personId"`,
      [
        teamId,
        known.map(({ salesforceId }) => salesforceId),
        known.map(({ salesforceId }) => personIds.get(salesforceId)),
        known.map(({ kind }) => kind),
      ],
    );
    return new Map(rows.map(({ salesforceId, personId }) => [salesforceId, personId]));
  }

  private async unmake(tx: Tx, teamId: string, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await tx.query('DELETE FROM people WHERE team_id = $1 AND id = ANY($2::uuid[])', [teamId, ids]);
  }
}

function withCleanEmail(record: RemotePerson): RemotePerson {
  return { ...record, email: record.email?.trim().toLowerCase() || null };
}
