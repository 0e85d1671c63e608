import type pg from 'pg';
import { inTransaction } from './database.js';
import type { Db } from './database.js';
import { objectTypes } from './objects/catalogue.js';
import { sqlType } from './objects/field.js';
import type { ObjectType } from './objects/field.js';
import { DEFAULT_PRIORITIES, DEFAULT_STATUSES, KEY_FIELD } from './objects/task.js';
import { makeId, PREFIX } from './ids.js';

/** Those that a large load drops first and makes again at its end, which is several times faster than keeping them. */
export const TASK_INDEXES = `
  CREATE INDEX IF NOT EXISTS sf_task_stamp ON sf_task (system_modstamp, id);
  CREATE INDEX IF NOT EXISTS sf_task_deleted ON sf_task (system_modstamp, id) WHERE is_deleted;
  CREATE INDEX IF NOT EXISTS sf_task_owner ON sf_task (owner_id, is_closed, activity_date);
  CREATE INDEX IF NOT EXISTS sf_task_who ON sf_task (who_id) WHERE who_id IS NOT NULL;
  CREATE INDEX IF NOT EXISTS sf_task_what ON sf_task (what_id) WHERE what_id IS NOT NULL;
  CREATE INDEX IF NOT EXISTS sf_task_series ON sf_task (recurrence_activity_id) WHERE recurrence_activity_id IS NOT NULL;
`;

/** The key is unique whatever its case, and among rows that are not in the recycle bin. */
export const KEY_INDEX = `
  CREATE UNIQUE INDEX IF NOT EXISTS sf_task_key ON sf_task (lower(command_center_key))
    WHERE command_center_key IS NOT NULL AND NOT is_deleted;
`;

/** Serves the look-up by key when an admin took *Unique* off the field. */
const KEY_LOOKUP_INDEX = `
  CREATE INDEX IF NOT EXISTS sf_task_key_lookup ON sf_task (lower(command_center_key))
    WHERE command_center_key IS NOT NULL;
`;

const OTHER = `
  CREATE INDEX IF NOT EXISTS sf_lead_stamp ON sf_lead (system_modstamp, id);
  CREATE INDEX IF NOT EXISTS sf_contact_stamp ON sf_contact (system_modstamp, id);
  CREATE INDEX IF NOT EXISTS sf_lead_email ON sf_lead (lower(email));
  CREATE INDEX IF NOT EXISTS sf_contact_email ON sf_contact (lower(email));
  CREATE UNIQUE INDEX IF NOT EXISTS sf_user_username ON sf_user (lower(username));
  ALTER TABLE sf_lead ADD COLUMN IF NOT EXISTS has_opted_out_of_email boolean NOT NULL DEFAULT false;
  ALTER TABLE sf_contact ADD COLUMN IF NOT EXISTS has_opted_out_of_email boolean NOT NULL DEFAULT false;
  ALTER TABLE sf_user ADD COLUMN IF NOT EXISTS view_all_data boolean NOT NULL DEFAULT true;

  -- Each step reserves a block of 1,000 numbers, from which ids are made without asking again.
  CREATE SEQUENCE IF NOT EXISTS sf_id_block;

  CREATE TABLE IF NOT EXISTS sf_custom_field (
    object text, name text, label text NOT NULL, type text NOT NULL, length integer NOT NULL,
    external_id boolean NOT NULL, is_unique boolean NOT NULL,
    PRIMARY KEY (object, name)
  );

  -- A query longer than a page: the ids it found, cut into pages, so that later pages are those of the first moment.
  CREATE TABLE IF NOT EXISTS sf_query (
    locator text PRIMARY KEY, user_id text NOT NULL, soql text NOT NULL, total integer NOT NULL,
    page_size integer NOT NULL, created_at timestamptz NOT NULL
  );
  CREATE TABLE IF NOT EXISTS sf_query_page (
    locator text REFERENCES sf_query ON DELETE CASCADE, page integer, ids text[] NOT NULL, PRIMARY KEY (locator, page)
  );

  CREATE TABLE IF NOT EXISTS sf_grant (
    id text PRIMARY KEY, user_id text NOT NULL, client_id text NOT NULL, scope text NOT NULL,
    refresh_token text NOT NULL UNIQUE, revoked boolean NOT NULL DEFAULT false
  );
  -- Refresh tokens that rotation replaced: whoever shows one of these revokes the whole grant.
  CREATE TABLE IF NOT EXISTS sf_used_refresh_token (
    token text PRIMARY KEY, grant_id text NOT NULL REFERENCES sf_grant ON DELETE CASCADE
  );
  CREATE TABLE IF NOT EXISTS sf_session (
    token text PRIMARY KEY, user_id text NOT NULL, grant_id text, expired boolean NOT NULL DEFAULT false
  );
`;

const PERMISSIONS = `
  CREATE OR REPLACE VIEW sf_user_permission_access AS
    SELECT id, view_all_data AS permissions_view_all_data, created_date, created_by_id, last_modified_date,
           last_modified_by_id, system_modstamp
    FROM sf_user;
`;

/**
 * One table per object, `sf_task`, `sf_lead`, `sf_user` …, its columns named like the fields in snake case (`owner_id`,
 * `activity_date`, `system_modstamp`; the key is `command_center_key`). Ids are stored with 18 characters.
 *
 * Makes what is missing; running it again changes nothing.
 */
export async function createSchema(pool: pg.Pool): Promise<void> {
  await inTransaction(pool, async (tx) => {
    // Two starts at once: the second waits and finds everything there.
    await tx.query('SELECT pg_advisory_xact_lock($1)', [SCHEMA_LOCK]);
    for (const type of objectTypes()) if (!type.ofRunningUser) await tx.query(createTable(type));
    await tx.query(TASK_INDEXES + KEY_LOOKUP_INDEX + OTHER + PERMISSIONS);
    await createOrganization(tx);
  });
}

const SCHEMA_LOCK = 7_310_042;

function createTable(type: ObjectType): string {
  const columns = type.fields.map((f) => {
    const definition = `${f.column} ${sqlType(f.type)}`;
    if (f.name === 'Id') return `${definition} PRIMARY KEY`;
    if (f.type === 'boolean') return `${definition} NOT NULL DEFAULT false`;
    return `${definition}${f.nillable ? '' : ' NOT NULL'}`;
  });
  if (!type.deletable) columns.push('is_deleted boolean NOT NULL DEFAULT false');
  columns.push(`custom jsonb NOT NULL DEFAULT '{}'`);
  return `CREATE TABLE IF NOT EXISTS ${type.table} (${columns.join(', ')})`;
}

async function createOrganization(db: Db): Promise<void> {
  const { rowCount } = await db.query('SELECT 1 FROM sf_organization LIMIT 1');
  if (rowCount) return;
  const stamp = new Date('2024-01-02T09:00:00Z');
  const admin = makeId(PREFIX.User, 1);
  await db.query(
    `INSERT INTO sf_organization (id, name, organization_type, is_sandbox, instance_name, time_zone_sid_key,
       created_date, created_by_id, last_modified_date, last_modified_by_id, system_modstamp)
     VALUES ($1, 'Northwind Sales', 'Enterprise Edition', true, 'CS42', 'UTC', $2, $3, $2, $3, $2)
     ON CONFLICT DO NOTHING`,
    [makeId(PREFIX.Organization, 42), stamp, admin],
  );
  await db.query(
    `INSERT INTO sf_custom_field (object, name, label, type, length, external_id, is_unique)
     VALUES ('Task', $1, 'Command Center Key', 'string', 255, true, true) ON CONFLICT DO NOTHING`,
    [KEY_FIELD],
  );
  await db.query(KEY_INDEX);
  for (const [i, s] of DEFAULT_STATUSES.entries()) {
    await db.query(
      `INSERT INTO sf_task_status (id, master_label, api_name, sort_order, is_default, is_closed,
         created_date, created_by_id, last_modified_date, last_modified_by_id, system_modstamp)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $7, $8, $7) ON CONFLICT DO NOTHING`,
      [makeId(PREFIX.TaskStatus, i + 1), s.label, s.value, i + 1, s.isDefault, s.isClosed ?? false, stamp, admin],
    );
  }
  for (const [i, p] of DEFAULT_PRIORITIES.entries()) {
    await db.query(
      `INSERT INTO sf_task_priority (id, master_label, api_name, sort_order, is_default, is_high_priority,
         created_date, created_by_id, last_modified_date, last_modified_by_id, system_modstamp)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $7, $8, $7) ON CONFLICT DO NOTHING`,
      [
        makeId(PREFIX.TaskPriority, i + 1),
        p.label,
        p.value,
        i + 1,
        p.isDefault,
        p.isHighPriority ?? false,
        stamp,
        admin,
      ],
    );
  }
}
