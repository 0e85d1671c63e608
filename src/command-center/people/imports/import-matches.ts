import type { Tx } from '../../../platform/database/transactions.js';
import type { DetailValues } from '../person-details.js';
import type { PersonStanding } from '../person-access.js';
import type { SalesforceRecord } from '../person-records.js';
import type { Wanted } from './people-upserts.js';

export interface Known extends DetailValues, PersonStanding {
  id: string;
  name: string;
  unsubscribedAt: Date | null;
}

/** Who the rows are about, by row, of those who are known: by their Salesforce record first, then by an address. */
export async function knownPeople(
  tx: Tx,
  teamId: string,
  wanted: readonly Pick<Wanted, 'row' | 'email' | 'record'>[],
): Promise<ReadonlyMap<number, Known>> {
  const emails = wanted.flatMap(({ email }) => email ?? []);
  const records = wanted.flatMap(({ record }) => record?.id ?? []);
  const people = await tx.query<Known>(
    `SELECT p.id, p.name, p.owner_id AS "ownerId", p.shared, p.first_name AS "firstName", p.last_name AS "lastName",
       p.title, p.company, p.phone, p.source, p.time_zone AS "timeZone", p.custom, p.unsubscribed_at AS "unsubscribedAt"
     FROM people p WHERE p.team_id = $1 AND p.deleted_at IS NULL AND p.id IN (
       SELECT person_id FROM person_addresses WHERE team_id = $1 AND email = ANY($2::text[])
       UNION SELECT person_id FROM person_salesforce_records WHERE team_id = $1 AND salesforce_id = ANY($3::text[]))
     ORDER BY p.id FOR NO KEY UPDATE`,
    [teamId, emails, records],
  );
  const byId = new Map(people.map((person) => [person.id, person]));
  // After the locks: whoever changed an address or a record meanwhile has been waited for.
  const links = await tx.query<{ key: string; personId: string }>(
    `SELECT email AS key, person_id AS "personId" FROM person_addresses WHERE team_id = $1 AND email = ANY($2::text[])
     UNION ALL
     SELECT salesforce_id, person_id FROM person_salesforce_records WHERE team_id = $1 AND salesforce_id = ANY($3::text[])`,
    [teamId, emails, records],
  );
  const byKey = new Map(links.map(({ key, personId }) => [key, byId.get(personId)]));
  return new Map(
    wanted.flatMap(({ row, email, record }) => {
      const person = byKey.get(record?.id ?? '') ?? byKey.get(email ?? '');
      return person ? [[row, person] as const] : [];
    }),
  );
}

/** Which of these records are nobody's yet. */
export async function looseRecords(tx: Tx, teamId: string, records: readonly SalesforceRecord[]): Promise<Set<string>> {
  if (records.length === 0) return new Set();
  const ids = records.map(({ id }) => id);
  const rows = await tx.query<{ id: string }>(
    'SELECT salesforce_id AS id FROM person_salesforce_records WHERE team_id = $1 AND salesforce_id = ANY($2::text[])',
    [teamId, ids],
  );
  const taken = new Set(rows.map(({ id }) => id));
  return new Set(ids.filter((id) => !taken.has(id)));
}

/** A record is one person's for good: of two who take it at once, the first has it. */
export async function attachToPeople(
  tx: Tx,
  teamId: string,
  links: readonly { personId: string; record: SalesforceRecord }[],
): Promise<void> {
  if (links.length === 0) return;
  await tx.query(
    `INSERT INTO person_salesforce_records (team_id, person_id, salesforce_id, kind)
     SELECT $1, * FROM unnest($2::uuid[], $3::text[], $4::text[]) AS t (person_id, salesforce_id, kind)
     ORDER BY salesforce_id ON CONFLICT DO NOTHING`,
    [
      teamId,
      links.map(({ personId }) => personId),
      links.map(({ record }) => record.id),
      links.map(({ record }) => record.kind),
    ],
  );
}
