import { Injectable } from '@nestjs/common';
import { PeopleDirectory } from '../../command-center/people/people-directory.js';
import { Clock } from '../../platform/clock/clock.js';
import { type Tx, Transactions } from '../../platform/database/transactions.js';
import type { OrgContext } from '../org-loop/org-context.js';

interface PersonRecord {
  Id: string;
  Name: string | null;
  Email: string | null;
}

/** The people and related records that a page of tasks speaks of, as far as they were not known before. */
export interface NewNames {
  people: { salesforceId: string; kind: 'lead' | 'contact'; name: string; email: string | null }[];
  records: { salesforceId: string; name: string }[];
}

// Names of related records are asked for by object, which the id's first three characters tell.
const NAMED_OBJECTS: Readonly<Record<string, string>> = { '001': 'Account', '006': 'Opportunity' };

/**
 * Resolves WhoId and WhatId to people and names apart from the tasks: selecting Who.Name in a long list of tasks
 * can fail, and most of them are known already.
 */
@Injectable()
export class RemoteNames {
  constructor(
    private readonly people: PeopleDirectory,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  /** Asks Salesforce for those that are new here: a call for each object, none when all are known. */
  async read(org: OrgContext, rows: readonly { WhoId: string | null; WhatId: string | null }[]): Promise<NewNames> {
    const whoIds = [...new Set(rows.flatMap((row) => row.WhoId ?? []))];
    const whatIds = [...new Set(rows.flatMap((row) => row.WhatId ?? []))].filter(
      (id) => id.slice(0, 3) in NAMED_OBJECTS,
    );
    if (whoIds.length === 0 && whatIds.length === 0) return { people: [], records: [] };
    const { knownPeople, knownNames } = await this.transactions.run(async (tx) => ({
      knownPeople: await this.people.bySalesforceIds(tx, org.teamId, whoIds),
      knownNames: await this.knownNames(tx, org.teamId, whatIds),
    }));
    const names: NewNames = { people: [], records: [] };
    for (const [object, prefix, kind] of [
      ['Contact', '003', 'contact'],
      ['Lead', '00Q', 'lead'],
    ] as const) {
      const ids = whoIds.filter((id) => id.startsWith(prefix) && !knownPeople.has(id));
      for (const record of await this.retrieve(org, object, ids, ['Id', 'Name', 'Email'])) {
        names.people.push({ salesforceId: record.Id, kind, name: record.Name ?? record.Id, email: record.Email });
      }
    }
    for (const [prefix, object] of Object.entries(NAMED_OBJECTS)) {
      const ids = whatIds.filter((id) => id.startsWith(prefix) && !knownNames.has(id));
      for (const record of await this.retrieve(org, object, ids, ['Id', 'Name'])) {
        names.records.push({ salesforceId: record.Id, name: record.Name ?? record.Id });
      }
    }
    return names;
  }

  /** Stores what was read, in the transaction that needs it. */
  async store(tx: Tx, teamId: string, names: NewNames): Promise<void> {
    const now = this.clock.now();
    if (names.people.length > 0) await this.people.ensure(tx, teamId, names.people, now);
    if (names.records.length === 0) return;
    await tx.query(
      `INSERT INTO salesforce_names (team_id, salesforce_id, name, read_at)
       SELECT $1, t.id, t.name, $2 FROM unnest($3::text[], $4::text[]) AS t (id, name)
       ON CONFLICT (team_id, salesforce_id) DO UPDATE SET name = excluded.name, read_at = excluded.read_at`,
      [teamId, now, names.records.map((row) => row.salesforceId), names.records.map((row) => row.name)],
    );
  }

  private async retrieve(
    org: OrgContext,
    object: string,
    ids: readonly string[],
    fields: readonly string[],
  ): Promise<PersonRecord[]> {
    if (ids.length === 0) return [];
    const rows = await org.client.retrieve<PersonRecord>(object, ids, fields, { purpose: 'names' });
    return rows.filter((row) => row !== null);
  }

  private async knownNames(tx: Tx, teamId: string, ids: readonly string[]): Promise<Set<string>> {
    if (ids.length === 0) return new Set();
    const rows = await tx.query<{ id: string }>(
      'SELECT salesforce_id AS id FROM salesforce_names WHERE team_id = $1 AND salesforce_id = ANY($2::text[])',
      [teamId, ids],
    );
    return new Set(rows.map(({ id }) => id));
  }
}
