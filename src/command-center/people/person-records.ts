import type { Reader, Tx } from '../../platform/database/transactions.js';
import { invalidInput } from '../../platform/http/validation.js';
import { longSalesforceId, personKindOf } from './salesforce-id.js';

export interface SalesforceRecord {
  id: string;
  kind: 'lead' | 'contact';
}

/** The ids that somebody typed, as leads and contacts; each once. */
export function toRecords(ids: readonly string[]): SalesforceRecord[] {
  const records = ids.map((text, index) => {
    const id = longSalesforceId(text);
    const kind = id && personKindOf(id);
    if (id && kind) return { id, kind };
    throw invalidInput([
      { field: `salesforce_ids[${index}]`, message: 'must be the id of a lead (00Q…) or contact (003…)' },
    ]);
  });
  return [...new Map(records.map((record) => [record.id, record])).values()];
}

/** Waits for whoever else changes this person. */
export async function lockPerson(tx: Tx, teamId: string, id: string): Promise<void> {
  await tx.query('SELECT 1 FROM people WHERE team_id = $1 AND id = $2 FOR NO KEY UPDATE', [teamId, id]);
}

/** Each person's records, the one to prefer first: a contact is what a lead becomes. */
export async function recordsOf(
  reader: Reader,
  teamId: string,
  personIds: readonly string[],
): Promise<Map<string, SalesforceRecord[]>> {
  const rows = await reader.query<SalesforceRecord & { personId: string }>(
    `SELECT person_id AS "personId", salesforce_id AS id, kind FROM person_salesforce_records
     WHERE team_id = $1 AND person_id = ANY($2::uuid[]) ORDER BY kind, salesforce_id`,
    [teamId, personIds],
  );
  const records = new Map<string, SalesforceRecord[]>();
  for (const { personId, id, kind } of rows) records.set(personId, [...(records.get(personId) ?? []), { id, kind }]);
  return records;
}

export async function attachRecords(
  tx: Tx,
  teamId: string,
  personId: string,
  records: readonly SalesforceRecord[],
): Promise<void> {
  if (records.length === 0) return;
  await tx.query(
    `INSERT INTO person_salesforce_records (team_id, person_id, salesforce_id, kind)
     SELECT $1, $2, * FROM unnest($3::text[], $4::text[]) AS t (salesforce_id, kind) ORDER BY salesforce_id`,
    [teamId, personId, records.map(({ id }) => id), records.map(({ kind }) => kind)],
  );
}

export async function detachRecords(tx: Tx, teamId: string, personId: string): Promise<void> {
  await tx.query('DELETE FROM person_salesforce_records WHERE team_id = $1 AND person_id = $2', [teamId, personId]);
}
