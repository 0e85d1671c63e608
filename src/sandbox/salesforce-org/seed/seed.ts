import type pg from 'pg';
import { TASK_INDEXES } from '../schema.js';
import { copyRows } from './copy.js';
import type { SeedRow } from './copy.js';
import { makePeople } from './people.js';
import { Random } from './random.js';
import { makeTasks, TASK_COLUMNS } from './tasks.js';

export interface SeedOptions {
  tasks?: number;
  people?: number;
  /** The same number gives the same org, apart from dates, which are relative to `now`. */
  seed?: number;
  now?: Date;
}

export interface SeedResult {
  /** False when the org had data already and was left as it was. */
  seeded: boolean;
  tasks: number;
}

/** Fills an empty org with a sales team, the people they sell to, and their tasks. */
export async function seedOrg(pool: pg.Pool, options: SeedOptions = {}): Promise<SeedResult> {
  const { tasks = 5000, people = 2000, seed = 1, now = new Date() } = options;
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    // Two starts at once: the second waits here and then finds the org filled.
    await client.query('LOCK TABLE sf_user IN SHARE ROW EXCLUSIVE MODE');
    const { rowCount } = await client.query('SELECT 1 FROM sf_user LIMIT 1');
    if (rowCount) {
      await client.query('ROLLBACK');
      return { seeded: false, tasks: await countTasks(pool) };
    }
    await load(client, { tasks, people, seed, now });
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
  // Statistics at once, so that the first queries after a large load are planned well.
  await pool.query('ANALYZE sf_task, sf_lead, sf_contact, sf_account');
  return { seeded: true, tasks };
}

async function load(client: pg.PoolClient, options: Required<SeedOptions>): Promise<void> {
  const random = new Random(options.seed);
  const people = makePeople(random, options.now, Math.max(options.people, 10));
  const load = (table: string, rows: SeedRow[]): Promise<void> => {
    const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    return copyRows(client, table, columns, rows);
  };
  await load('sf_user', people.users);
  await load('sf_group', people.groups);
  await load('sf_account', people.accounts);
  await load('sf_contact', people.contacts);
  await load('sf_lead', people.leads);
  await load('sf_opportunity', people.opportunities);
  const names = [...TASK_INDEXES.matchAll(/EXISTS (\w+) ON/g)].map((match) => match[1]);
  await client.query(`DROP INDEX ${names.join(', ')}`);
  await copyRows(client, 'sf_task', TASK_COLUMNS, makeTasks(random, options.now, people, options.tasks));
  await client.query(`SET LOCAL maintenance_work_mem = '256MB'; ${TASK_INDEXES}`);
  // Ids that were given out here are not given out again.
  const block = Math.ceil((Math.max(options.tasks, options.people) + 1) / 1000);
  await client.query(`SELECT setval('sf_id_block', $1)`, [block]);
}

async function countTasks(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ n: number }>('SELECT count(*) AS n FROM sf_task');
  return rows[0]?.n ?? 0;
}
