import { ApiError, notFound } from '../errors.js';
import { inTransaction } from '../database.js';
import { makeId, PREFIX, to18 } from '../ids.js';
import { KEY_FIELD } from '../objects/task.js';
import type { Org } from '../org.js';
import { KEY_INDEX } from '../schema.js';
import type { Data } from './input.js';
import { booleanOf, dataOf, numberOf, textOf, textsOf } from './input.js';

/** What an admin of the org can change. */

export async function setUser(
  org: Org,
  id: string,
  isActive: boolean | undefined,
  viewAllData: boolean | undefined,
): Promise<void> {
  const { rowCount } = await org.pool.query(
    `UPDATE sf_user SET is_active = COALESCE($2, is_active), view_all_data = COALESCE($3, view_all_data),
       system_modstamp = $4, last_modified_date = $4
     WHERE id = $1`,
    [to18(id) ?? '', isActive ?? null, viewAllData ?? null, org.stamp()],
  );
  if (!rowCount) throw notFound();
}

/** The app's certificate for the JWT bearer flow, and whom it approves. */
export function setJwt(org: Org, data: Data): void {
  const publicKey = textOf(data, 'publicKey');
  const more = { approved: textsOf(data, 'approved'), audience: textOf(data, 'audience') };
  org.jwt = publicKey === undefined ? undefined : { publicKey, ...more };
}

const CUSTOM_TYPES = [
  'string',
  'textarea',
  'picklist',
  'boolean',
  'double',
  'date',
  'datetime',
  'email',
  'phone',
  'url',
];

export async function addField(org: Org, data: Data): Promise<void> {
  const object = textOf(data, 'object') ?? 'Task';
  const name = textOf(data, 'name') ?? KEY_FIELD;
  const type = textOf(data, 'type') ?? 'string';
  if (!org.catalogue.find(object) || !/^[A-Za-z]\w*__c$/.test(name) || !CUSTOM_TYPES.includes(type)) {
    throw new ApiError(
      400,
      'INVALID_CONTROL',
      `a field needs an object, a name that ends in __c, a type of ${CUSTOM_TYPES.join(', ')}`,
    );
  }
  const unique = booleanOf(data, 'unique') ?? name === KEY_FIELD;
  await org.pool.query(
    `INSERT INTO sf_custom_field (object, name, label, type, length, external_id, is_unique)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (object, name) DO UPDATE
     SET label = excluded.label, type = excluded.type, length = excluded.length, external_id = excluded.external_id,
         is_unique = excluded.is_unique`,
    [
      object,
      name,
      textOf(data, 'label') ?? name.replace(/__c$/, '').replaceAll('_', ' '),
      type,
      numberOf(data, 'length') ?? (type === 'textarea' ? 32_000 : 255),
      booleanOf(data, 'externalId') ?? name === KEY_FIELD,
      unique,
    ],
  );
  if (name === KEY_FIELD) await org.pool.query(unique ? KEY_INDEX : 'DROP INDEX IF EXISTS sf_task_key');
  await org.reload();
}

/** Its values stay stored, as in Salesforce for 15 days: the field can be restored with them. */
export async function removeField(org: Org, object: string, name: string): Promise<void> {
  await org.pool.query('DELETE FROM sf_custom_field WHERE object = $1 AND name = $2', [object, name]);
  await org.reload();
}

export async function setPicklist(org: Org, name: string, values: unknown): Promise<void> {
  if ((name !== 'Status' && name !== 'Priority') || !Array.isArray(values)) {
    throw new ApiError(400, 'INVALID_CONTROL', 'picklists are Status and Priority; values is a list');
  }
  const isStatus = name === 'Status';
  const table = isStatus ? 'sf_task_status' : 'sf_task_priority';
  const mark = isStatus ? 'is_closed' : 'is_high_priority';
  const prefix = isStatus ? PREFIX.TaskStatus : PREFIX.TaskPriority;
  const admin = makeId(PREFIX.User, 1);
  await inTransaction(org.pool, async (tx) => {
    await tx.query(`DELETE FROM ${table}`);
    for (const [i, entry] of values.map(dataOf).entries()) {
      const value = textOf(entry, 'value') ?? '';
      await tx.query(
        `INSERT INTO ${table} (id, master_label, api_name, sort_order, is_default, ${mark},
           created_date, created_by_id, last_modified_date, last_modified_by_id, system_modstamp)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $7, $8, $7)`,
        [
          makeId(prefix, i + 1),
          textOf(entry, 'label') ?? value,
          value,
          i + 1,
          booleanOf(entry, 'isDefault') ?? false,
          booleanOf(entry, isStatus ? 'isClosed' : 'isHighPriority') ?? false,
          org.stamp(),
          admin,
        ],
      );
    }
  });
  await org.reload();
}

export async function emptyBin(org: Org, data: Data): Promise<number> {
  const type = org.catalogue.find(textOf(data, 'object') ?? 'Task');
  if (!type) throw notFound();
  const ids = textsOf(data, 'ids')?.map((id) => to18(id) ?? id);
  const days = numberOf(data, 'olderThanDays') ?? 0;
  const { rowCount } = await org.pool.query(
    `DELETE FROM ${type.table} WHERE is_deleted AND ($1::text[] IS NULL OR id = ANY($1)) AND system_modstamp <= $2`,
    [ids ?? null, new Date(org.now().getTime() - days * 86_400_000)],
  );
  return rowCount ?? 0;
}

/** Turns a lead into a contact of a new account; its tasks follow the person. */
export async function convertLead(org: Org, idText: string): Promise<{ contactId: string; accountId: string }> {
  const id = to18(idText) ?? '';
  const [contactId = ''] = await org.newIds(PREFIX.Contact, 1);
  const [accountId = ''] = await org.newIds(PREFIX.Account, 1);
  const stamp = org.stamp();
  await inTransaction(org.pool, async (tx) => {
    const { rowCount } = await tx.query(
      `UPDATE sf_lead SET is_converted = true, status = 'Closed - Converted', converted_date = $2::timestamptz::date,
         converted_account_id = $3, converted_contact_id = $4, last_modified_date = $2, system_modstamp = $2
       WHERE id = $1 AND NOT is_converted AND NOT is_deleted`,
      [id, stamp, accountId, contactId],
    );
    if (!rowCount) throw notFound();
    await tx.query(
      `INSERT INTO sf_account (id, name, owner_id, created_date, created_by_id, last_modified_date, last_modified_by_id, system_modstamp)
       SELECT $2, company, owner_id, $3, owner_id, $3, owner_id, $3 FROM sf_lead WHERE id = $1`,
      [id, accountId, stamp],
    );
    await tx.query(
      `INSERT INTO sf_contact (id, account_id, last_name, first_name, name, title, email, phone, owner_id,
         created_date, created_by_id, last_modified_date, last_modified_by_id, system_modstamp)
       SELECT $2, $3, last_name, first_name, name, title, email, phone, owner_id, $4, owner_id, $4, owner_id, $4
       FROM sf_lead WHERE id = $1`,
      [id, contactId, accountId, stamp],
    );
    await tx.query(
      `UPDATE sf_task SET who_id = $2, account_id = $3, last_modified_date = $4, system_modstamp = $4
       WHERE who_id = $1 AND NOT is_deleted`,
      [id, contactId, accountId, stamp],
    );
  });
  return { contactId, accountId };
}

/** A sandbox refresh gives the org another id; My Domain another address. */
export async function moveOrg(org: Org, id: string | undefined, instanceUrl: string | undefined): Promise<void> {
  if (id !== undefined) await org.pool.query('UPDATE sf_organization SET id = $1', [to18(id) ?? id]);
  await org.reload();
  org.instanceUrl = instanceUrl ?? org.instanceUrl;
}
