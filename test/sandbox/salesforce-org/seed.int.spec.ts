import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { seedOrg } from '../../../src/sandbox/salesforce-org/seed/seed.js';
import { startSalesforceOrg } from '../../../src/sandbox/salesforce-org/server.js';
import type { SalesforceOrg } from '../../../src/sandbox/salesforce-org/server.js';
import { createEmptyDatabase } from '../../support/database.js';
import { NOW } from './support.js';

let databases: Awaited<ReturnType<typeof createEmptyDatabase>>[] = [];
let orgs: SalesforceOrg[] = [];

async function seeded(seed: number, tasks: number): Promise<SalesforceOrg> {
  const database = await createEmptyDatabase();
  databases.push(database);
  const org = await startSalesforceOrg({ databaseUrl: database.url, now: () => NOW });
  orgs.push(org);
  await seedOrg(org.pool, { tasks, seed, now: NOW });
  return org;
}

let org: SalesforceOrg;
beforeAll(async () => {
  org = await seeded(1, 5000);
});
afterAll(async () => {
  for (const o of orgs) await o.close();
  for (const d of databases) await d.drop();
  orgs = [];
  databases = [];
});

async function number(sql: string): Promise<number> {
  const { rows } = await org.pool.query<{ n: number }>(`SELECT count(*) AS n FROM ${sql}`);
  return rows[0]?.n ?? 0;
}

const fingerprint = async (of: SalesforceOrg): Promise<unknown> =>
  (await of.pool.query(`SELECT md5(string_agg(t::text, '' ORDER BY id)) FROM sf_task t`)).rows[0] as unknown;

describe('the seeded org', () => {
  it('has a team and the people they sell to', async () => {
    expect(await number('sf_user WHERE is_active')).toBe(11);
    expect(await number('sf_user WHERE NOT is_active')).toBe(1);
    expect(await number('sf_group')).toBe(1);
    expect((await number('sf_lead')) + (await number('sf_contact'))).toBe(2000);
  });

  it.each([
    ['all', 'true', 5000, 5000],
    ['open', 'NOT is_closed', 2000, 4000],
    ['archived', 'is_archived AND is_closed', 100, 400],
    ['deleted', 'is_deleted', 80, 300],
    ['masters of recurring series', 'is_recurrence AND activity_date IS NULL', 20, 150],
    ['occurrences of a series', 'recurrence_activity_id IS NOT NULL', 100, 600],
    ['logged emails', `task_subtype = 'Email' AND completed_date_time = created_date`, 300, 700],
    ['logged calls', `task_subtype = 'Call' AND completed_date_time = created_date`, 200, 600],
    ['open calls', `task_subtype = 'Call' AND NOT is_closed`, 200, 700],
    ['without a person', 'who_id IS NULL', 500, 1200],
    ['of the queue', `owner_id LIKE '00G%'`, 50, 200],
    ['of somebody who left', 'owner_id IN (SELECT id FROM sf_user WHERE NOT is_active)', 50, 200],
    ['reassigned', 'created_by_id <> owner_id', 100, 500],
    ['without a date', 'activity_date IS NULL AND NOT is_recurrence', 300, 900],
    ['due within a week', `activity_date BETWEEN '2026-03-18' AND '2026-03-25'`, 500, 3000],
    ['changed in the last day', `last_modified_date > '2026-03-17T12:00:00Z'`, 100, 1500],
    ['with a long description', 'length(description) > 1000', 5, 200],
    ['in other scripts', `subject ~ '[^\\x00-\\xFF]'`, 200, 3000],
  ])('has tasks: %s', async (_, condition, least, most) => {
    const n = await number(`sf_task WHERE ${condition}`);
    expect(n).toBeGreaterThanOrEqual(least);
    expect(n).toBeLessThanOrEqual(most);
  });

  it.each([
    ['closed tasks have a time of completion, open ones none', '(completed_date_time IS NOT NULL) <> is_closed'],
    ['nothing lies in the future', `system_modstamp > '2026-03-18T12:00:00Z' OR created_date > last_modified_date`],
    ['stamps are whole seconds', `date_trunc('second', system_modstamp) <> system_modstamp`],
    ['a task of a lead is related to nothing else', `who_id LIKE '00Q%' AND what_id IS NOT NULL`],
    [
      'people exist',
      `who_id IS NOT NULL AND who_id NOT IN (SELECT id FROM sf_lead UNION ALL SELECT id FROM sf_contact)`,
    ],
    [
      'text is as Salesforce stores it',
      'subject <> trim(subject) OR length(subject) > 255 OR length(description) > 32000',
    ],
  ])('is consistent: %s', async (_, broken) => {
    expect(await number(`sf_task WHERE ${broken}`)).toBe(0);
  });

  it('is the same for the same number, another for another', async () => {
    const [same, other] = [await seeded(1, 5000), await seeded(2, 5000)];
    expect(await fingerprint(same)).toEqual(await fingerprint(org));
    expect(await fingerprint(other)).not.toEqual(await fingerprint(org));
  });

  it('is left as it is by a second seeding', async () => {
    const before = await fingerprint(org);
    expect(await seedOrg(org.pool, { tasks: 10, seed: 9, now: NOW })).toEqual({ seeded: false, tasks: 5000 });
    expect(await fingerprint(org)).toEqual(before);
  });
});
