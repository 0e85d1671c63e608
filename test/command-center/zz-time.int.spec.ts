import { afterAll, beforeAll, test } from '@jest/globals';
import { PeopleDirectory } from '../../src/command-center/people/people-directory.js';
import { TaskQueries } from '../../src/command-center/tasks/task-queries.repository.js';
import { createWorld, inTransaction, newTeam, type World } from './world.js';
let world: World;
beforeAll(async () => { world = await createWorld(); });
afterAll(() => world.end());
test('time', async () => {
  const team = await newTeam(world);
  const d = world.app.app.get(PeopleDirectory);
  const page = (k: number) => Array.from({ length: 2000 }, (_, n) => ({ salesforceId: `0035g${String(k * 2000 + n).padStart(10, '0')}AAA`, kind: 'contact' as const, name: `N${n}`, email: n % 10 === 0 ? null : `p${k * 2000 + n}@x.com` }));
  for (let k = 0; k < 4; k++) await inTransaction(world, (tx) => d.ensure(tx, team.teamId, page(k), new Date(0)));
  const rep = team.repClients[0]!;
  const ids: string[] = [];
  for (let n = 0; n < 200; n++) ids.push((await rep.newTask()).id);
  const q = new TaskQueries();
  const viewer = { teamId: team.teamId, userId: team.reps[0]!.userId, role: 'member' as const };
  const sqls: [string, unknown[]][] = [];
  await q.page({ query: async (s: string, p: unknown[] = []) => { sqls.push([s, p]); return []; } } as never, viewer, 'all', { today: '2026-03-04' as never, now: new Date(), range: { from: null, to: null } }, { assignee: { assigneeId: viewer.userId } }, { after: null, limit: 200 });
  const [sql, p] = sqls[0]!;
  const plan = await world.database.dataSource.query('EXPLAIN (ANALYZE, BUFFERS) ' + sql, p);
  process.stderr.write(plan.map((r: Record<string, string>) => r['QUERY PLAN']).join('\n') + '\n');
  for (const limit of [200]) {
  const t = performance.now(); const rows = await q.page(world.database.dataSource as never, viewer, 'all', { today: '2026-03-04' as never, now: new Date(), range: { from: null, to: null } }, { assignee: { assigneeId: viewer.userId } }, { after: null, limit });
  process.stderr.write(`query ${rows.length} ${performance.now() - t}\n`);
  const t2 = performance.now(); await rep.get('/v1/tasks?view=all&limit=200'); process.stderr.write(`http ${performance.now() - t2}\n`);
  const t3 = performance.now(); await rep.get('/v1/tasks?view=all&limit=200'); process.stderr.write(`http ${performance.now() - t3}\n`);
  }
});
