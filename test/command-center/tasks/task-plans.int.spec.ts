import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ErasedUnsubscribes } from '../../../src/command-center/people/erase/erased-unsubscribes.js';
import { PeopleDirectory } from '../../../src/command-center/people/people-directory.js';
import { TaskQueries } from '../../../src/command-center/tasks/task-queries.repository.js';
import { TASK_VIEWS, type TaskViewName, type ViewMoment } from '../../../src/command-center/tasks/task-views.js';
import type { LocalDate } from '../../../src/platform/clock/local-date.js';
import { rowsOf } from '../../../src/platform/database/transactions.js';
import { SecretBox } from '../../../src/platform/secrets/secret-box.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

let database: TestDatabase;
const queries = new TaskQueries(new PeopleDirectory(new ErasedUnsubscribes(new SecretBox(new Map()))));

const TEAM = '00000000-0000-7000-8000-000000000001';
const REP = '00000000-0000-7000-8000-000000000002';
const MATE = '00000000-0000-7000-8000-000000000003';
const member = { teamId: TEAM, userId: REP, role: 'member' } as const;
const admin = { ...member, role: 'admin' } as const;
const moment: ViewMoment = {
  today: '2026-03-04' as LocalDate,
  now: new Date('2026-03-04T10:00:00Z'),
  range: { from: '2026-03-01' as LocalDate, to: '2026-03-31' as LocalDate },
};

// Few rows are read without an index whatever there is: a rep with many tasks among others with as many.
beforeAll(async () => {
  database = await createTestDatabase();
  const { dataSource } = database;
  await dataSource.query(`INSERT INTO teams (id, name) VALUES ($1, 'Northwind')`, [TEAM]);
  await dataSource.query(
    `INSERT INTO users (team_id, id, email, name, role) SELECT $1, id, id::text, 'Rep', 'member' FROM unnest($2::uuid[]) id`,
    [TEAM, [REP, MATE]],
  );
  await dataSource.query(
    `INSERT INTO tasks (team_id, id, type, name, status, closed_at, due_date, assignee_id)
     SELECT $1, uuidv7(), 'custom', 'Task ' || n, CASE WHEN n % 2 = 0 THEN 'open' ELSE 'completed' END,
       CASE WHEN n % 2 = 1 THEN timestamptz '2026-01-01' + n * interval '1 minute' END,
       CASE WHEN n % 10 > 1 THEN date '2026-01-01' + n % 200 END, CASE WHEN n % 20 < 2 THEN $2::uuid ELSE $3::uuid END
     FROM generate_series(1, 20000) n`,
    [TEAM, REP, MATE],
  );
  await dataSource.query('VACUUM ANALYZE tasks');
});
afterAll(() => database.drop());

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  Plans?: Plan[];
}

/** How the tasks are found: kind of scan and index, the innermost first. */
async function scansOf(run: (reader: { query: <Row>(sql: string, values?: unknown[]) => Promise<Row[]> }) => unknown) {
  const statements: [string, unknown[]][] = [];
  const noting = {
    query: <Row>(sql: string, values: unknown[] = []) => {
      statements.push([sql, values]);
      return Promise.resolve<Row[]>([]);
    },
  };
  await Promise.resolve(run(noting)).catch(() => undefined);
  const [sql, values] = statements[0] ?? ['', []];
  const [row] = rowsOf<{ 'QUERY PLAN': { Plan: Plan }[] }>(
    await database.dataSource.query(`EXPLAIN (FORMAT JSON) ${sql}`, values),
  );
  const plan = row?.['QUERY PLAN'][0]?.Plan;
  return plan ? scansIn(plan) : [];
}

function scansIn(plan: Plan): string[] {
  const below = (plan.Plans ?? []).flatMap(scansIn);
  return plan['Relation Name'] === 'tasks' ? [...below, `${plan['Node Type']} ${plan['Index Name'] ?? ''}`] : below;
}

const INDEX: Record<TaskViewName, [mine: string, team: string]> = {
  today: ['ix_tasks_open', 'ix_tasks_open_team'],
  overdue: ['ix_tasks_open', 'ix_tasks_open_team'],
  next_7_days: ['ix_tasks_open', 'ix_tasks_open_team'],
  upcoming: ['ix_tasks_open', 'ix_tasks_open_team'],
  no_date: ['ix_tasks_open', 'ix_tasks_open_team'],
  range: ['ix_tasks_open', 'ix_tasks_open_team'],
  completed: ['ix_tasks_closed', 'ix_tasks_closed_team'],
  all: ['ix_tasks_assignee', 'pk_tasks'],
};

test.each(TASK_VIEWS)('the view %s reads an index in its order, one’s own and the team’s', async (view) => {
  const page = { after: null, limit: 10 };
  const mine = await scansOf((reader) =>
    queries.page(reader, member, view, moment, { assignee: { assigneeId: REP } }, page),
  );
  const team = await scansOf((reader) => queries.page(reader, admin, view, moment, { assignee: 'any' }, page));
  for (const [scans, index] of [
    [mine, INDEX[view][0]],
    [team, INDEX[view][1]],
  ] as const) {
    expect(scans[0]).toMatch(new RegExp(`^Index (Only )?Scan ${index}$`));
    expect(scans[1]).toBe('Index Scan pk_tasks');
  }
});

test('one’s counts are read from two indexes alone', async () => {
  const filter = { assignee: { assigneeId: REP } };
  const scans = await scansOf((reader) => queries.counts(reader, member, moment, filter));
  expect(scans.sort()).toEqual(['Index Only Scan ix_tasks_closed', 'Index Only Scan ix_tasks_open']);
});

test('the entities and the migrations agree', async () => {
  const { upQueries } = await database.dataSource.driver.createSchemaBuilder().log();
  const ours = upQueries.map(({ query }) => query).filter((query) => /tasks|people|person_|task_changes/.test(query));
  expect(ours).toEqual([]);
});
