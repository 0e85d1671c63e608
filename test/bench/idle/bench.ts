import { median, type Options, type ResultLine, round } from '../support/options.js';
import type { Database, Stage } from '../support/stage.js';
import { newTeam, seedTeam, type Team, withDatabase } from '../support/team.js';
import { repId } from '../stand-in/org-data.js';
import type { StandIn } from '../stand-in/stand-in.js';
import type { IdleOutput } from './product-process.js';

const CYCLES = 30;
const TASKS_A_REP = 5;

type Measured = IdleOutput & { peakRssMiB: number };

/** What a team costs that syncs and in which nothing happens: with one rep, and with n. */
export async function benchIdle(stage: Stage, { n, runs, say }: Options): Promise<ResultLine> {
  const org = await stage.salesforce({ tasks: 1, reps: 1, tasksById: false });
  const one = await enrolled(stage, org, 1);
  const many = await enrolled(stage, org, n);
  const product = async ({ database, team }: Enrolled): Promise<Measured> => {
    const input = { databaseUrl: database.url, redisUrl: stage.redisUrl, orgUrl: org.url, team, cycles: CYCLES };
    const { output, peakRssMiB } = await stage.run<IdleOutput>('idle/product-process.js', input);
    return { ...output, peakRssMiB };
  };

  const floors: number[] = [];
  const ones: Measured[] = [];
  const manys: Measured[] = [];
  for (let run = 1; run <= runs; run++) {
    const input = { orgUrl: org.url, cycles: CYCLES };
    floors.push((await stage.run<{ seconds: number }>('idle/floor-process.js', input)).output.seconds);
    ones.push(await product(one));
    manys.push(await product(many));
    say(`run ${run}: database ${round(ones.at(-1)?.dbMs ?? 0)} ms and ${round(manys.at(-1)?.dbMs ?? 0)} ms a cycle`);
  }
  const seconds = median(manys.map((cycle) => cycle.seconds));
  const floorSeconds = median(floors);
  return {
    bench: 'idle',
    n,
    seconds: round(seconds, 5),
    floorSeconds: round(floorSeconds, 5),
    ratio: round(seconds / floorSeconds),
    higherIsBetter: false,
    peakRssMiB: Math.round(Math.max(...manys.map(({ peakRssMiB }) => peakRssMiB))),
    apiCalls1: Math.max(...ones.map(({ calls }) => calls)),
    [`apiCalls${n}`]: Math.max(...manys.map(({ calls }) => calls)),
    dbMs1: round(median(ones.map(({ dbMs }) => dbMs))),
    [`dbMs${n}`]: round(median(manys.map(({ dbMs }) => dbMs))),
  };
}

interface Enrolled {
  database: Database;
  team: Team;
}

/** A team whose reps all sync, each with some tasks that are the same on both sides. */
async function enrolled(stage: Stage, org: StandIn, reps: number): Promise<Enrolled> {
  const database = await stage.database();
  const team = newTeam(reps);
  await seedTeam(database.url, team, org.url);
  const { teamId, userIds } = team;
  await withDatabase(database.url, async (db) => {
    await db.query(
      `INSERT INTO task_sync_enrolments (team_id, user_id, salesforce_user_id, state, scope, enrolled_at)
       SELECT $1, r.user_id, r.salesforce_id, 'synced', 'all', now() - interval '1 day'
       FROM unnest($2::uuid[], $3::text[]) AS r (user_id, salesforce_id)`,
      [teamId, userIds, userIds.map((_, rep) => repId(rep))],
    );
    await db.query(
      `WITH made AS (
         INSERT INTO tasks (team_id, id, type, name, assignee_id)
         SELECT $1, gen_random_uuid(), 'custom', 'Task ' || n, u FROM unnest($2::uuid[]) u, generate_series(1, $3) n
         RETURNING id)
       INSERT INTO task_links (team_id, task_id, salesforce_id, base, agreed_at)
       SELECT $1, id, '00T' || substr(md5(id::text), 1, 15), '{}', now() FROM made`,
      [teamId, userIds, TASKS_A_REP],
    );
    await db.query('UPDATE salesforce_org_states SET pull_cursor = now()');
    await db.query('VACUUM ANALYZE');
  });
  return { database, team };
}
