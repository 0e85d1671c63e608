import { setTimeout as delay } from 'node:timers/promises';
import { Actors } from './actors.js';
import type { Coverage } from './coverage.js';
import { armFault } from './fault.js';
import { LateWrites } from './late-writes.js';
import type { ModelWorld } from './model-world.js';
import { type Act, FIELDS, type History, type Interruption, type Step, type Work } from './step.js';
import { storyOf } from './story.js';
import { wrongs } from './verdict.js';
import { WorkerLine } from './worker-line.js';

/** What a history came to. */
export interface Outcome {
  wrongs: string[];
  /** Edits in Salesforce that were written over unseen: the one exception. */
  unavoidable: number;
}

/** Plays one history from an empty world to its end, lets both sides become quiet, and says what is wrong then. */
export async function runHistory(world: ModelWorld, history: History, coverage?: Coverage): Promise<Outcome> {
  const run = new HistoryRun(world, history, coverage);
  return run.play();
}

interface Aimed {
  id: string;
  salesforceId: string | null;
  sent: boolean;
  /** Of an update on its way. */
  fields: string[] | null;
}

class HistoryRun {
  private readonly actors: Actors;
  private readonly waiting: Promise<void>[] = [];
  private readonly late = new LateWrites();
  private orgOffsetMs = 0;

  constructor(
    private readonly world: ModelWorld,
    private readonly history: History,
    private readonly coverage: Coverage | undefined,
  ) {
    this.actors = new Actors(world, this.late);
  }

  async play(): Promise<Outcome> {
    const { world, actors } = this;
    await world.empty();
    const deadlocks = world.deadlocks;
    await world.here(`INSERT INTO task_sync_settings (team_id, conflict_policy) VALUES ($1, $2)`, [
      world.team.teamId,
      this.history.policy,
    ]);
    for (let n = 0; n < this.history.before; n++) await actors.createThere({ rep: n, lateSeconds: 0 });
    world.clock.advance(60_000);
    for (const rep of [0, 1, 2]) await actors.act({ ...NOTHING, operation: 'off/on', rep });

    for (const step of this.history.steps) {
      world.clock.advance(1_000);
      await this.step(step);
    }
    await this.becomeQuiet();
    const found = await wrongs(world, actors, this.late.values);
    if (world.deadlocks > deadlocks) found.push(`${world.deadlocks - deadlocks} deadlocks`);
    found.push(...(await this.idleWrites()));
    found.push(...(await this.drift()));
    this.coverage?.settled();
    const [first] = found;
    if (first) found.push(...(await storyOf(world, first)));
    return { wrongs: found, unavoidable: actors.unavoidable };
  }

  private async step(step: Step): Promise<void> {
    switch (step.kind) {
      case 'act':
        return this.act(step);
      case 'work':
        return this.work(step);
      case 'wait':
        this.world.clock.advance(step.seconds * 1000);
        return this.late.commit(this.world);
      case 'jump':
        return this.jump(step.seconds * 1000);
      case 'empty Redis':
        return this.world.emptyRedis();
    }
  }

  private async work(step: Work): Promise<void> {
    const { world } = this;
    if (step.swept) await world.sweep(step.worker);
    if ((await world.wokenLanes()) === 0) return;
    const disarm = await armFault(world, step.fault, step.skip);
    const line = this.lineOf(step.interruptions, step.worker);
    if (step.fault === 'commits late') line.unanswered = (requests) => this.late.add(requests);
    const second = step.doubled ? world.run(step.worker === 0 ? 1 : 0, new WorkerLine()) : undefined;
    await Promise.all([world.run(step.worker, line), second]);
    if (line.dead) await this.afterKill();
    await Promise.all(this.waiting.splice(0));
    const struck = await disarm();
    if (struck) this.coverage?.struck(step.fault);
    else if (!line.dead) this.coverage?.settled();
  }

  private lineOf(interruptions: readonly Interruption[], worker: 0 | 1): WorkerLine {
    const line = new WorkerLine();
    let places = 0;
    const left = new Set(interruptions);
    line.gate = async (place) => {
      const here = places++;
      for (const interruption of left) {
        if (interruption.at !== here && interruption.at !== place) continue;
        left.delete(interruption);
        await this.interrupt(interruption, line, worker, place);
      }
    };
    return line;
  }

  private async interrupt(what: Interruption, line: WorkerLine, worker: 0 | 1, place: string): Promise<void> {
    const other = worker === 0 ? 1 : 0;
    switch (what.what) {
      case 'kill':
        line.dead = true;
        this.coverage?.killed(place);
        return;
      case 'act':
        return this.actDuring(what.act, line);
      case 'stall':
        await this.actDuring(what.act, line);
        // Whoever stands in the middle of a transaction keeps the org from being taken.
        if (!place.startsWith('after') && !place.endsWith('committed')) return;
        await this.world.expireLease();
        return this.world.run(other, new WorkerLine());
      case 'second worker':
        return this.world.run(other, new WorkerLine());
    }
  }

  /** What is done here may have to wait for the worker's locks. */
  private async actDuring(act: Act, line: WorkerLine): Promise<void> {
    const acting = this.act(act, line);
    if (act.side === 'there' && act.operation !== 'off/on') return acting;
    this.waiting.push(acting);
    await Promise.race([acting, delay(15)]);
  }

  private async act(act: Act, line?: WorkerLine): Promise<void> {
    const done = await this.actors.act(act.aimed ? await this.aim(act) : act, line);
    if (done) this.coverage?.did(act.operation);
  }

  /** At a row and a field that are on their way at this moment, or else at one that waits, if any are. */
  private async aim(act: Act): Promise<Act> {
    const rows = await this.world.here<Aimed>(
      `SELECT task_id AS id, salesforce_id AS "salesforceId", sent IS NOT NULL AS sent,
              CASE sent ->> 'op' WHEN 'update' THEN ARRAY(SELECT jsonb_object_keys(sent -> 'fields')) END AS fields
       FROM task_links WHERE sent IS NOT NULL OR due_since IS NOT NULL ORDER BY task_id`,
    );
    const sent = rows.filter((one) => one.sent);
    const among = sent.length > 0 ? sent : rows;
    const row = among[act.task % Math.max(1, among.length)];
    if (!row) return act;
    const field = FIELDS.find((candidate) => row.fields?.includes(candidate)) ?? act.field;
    return { ...act, field, at: { here: row.id, there: row.salesforceId } };
  }

  private async afterKill(): Promise<void> {
    await this.world.expireLease();
    this.world.clock.advance(15_000);
  }

  /** Our clock jumps; the org's does not. */
  private async jump(ms: number): Promise<void> {
    this.orgOffsetMs -= ms;
    this.world.clock.advance(ms);
    await this.world.control('POST', 'clock', { offsetMs: this.orgOffsetMs });
  }

  /** Every fault ends, everybody syncs, and time passes until nothing is due. */
  private async becomeQuiet(): Promise<void> {
    const { world } = this;
    await this.late.commit(world);
    await world.expireLease();
    await this.actors.turnAllOn();
    do {
      // A token whose answer was lost stops the connection, now or at its next use: then the admin logs in again.
      if (!(await world.isConnected())) await world.signIn();
      // The second is past every pause; the third is the poll that looks a quarter of an hour back.
      for (const seconds of [31, 1_200, 31, 31]) {
        world.clock.advance(seconds * 1000);
        if (seconds === 1_200) await world.here('UPDATE salesforce_org_states SET pulls_done = 8');
        await world.quiesce();
      }
    } while (!(await world.isConnected()));
  }

  private async idleWrites(): Promise<string[]> {
    const before = await this.state();
    this.world.clock.advance(31_000);
    await this.world.quiesce();
    const after = await this.state();
    return before === after ? [] : [`an idle cycle wrote something: ${before} became ${after}`];
  }

  /** The product's own comparison of both sides finds nothing either. */
  private async drift(): Promise<string[]> {
    await this.world.call('POST', '/v1/salesforce/task-sync/reconcile', {});
    await this.world.quiesce();
    const [run] = await this.world.here<{ status: string; counts: Record<string, number> }>(
      `SELECT status, counts FROM sync_runs WHERE kind = 'reconcile' ORDER BY id DESC LIMIT 1`,
    );
    if (run?.status !== 'done') return [`the comparison is ${run?.status ?? 'missing'}`];
    return Object.entries(run.counts)
      .filter(([name, count]) => name.startsWith('found_') && count > 0)
      .map(([name, count]) => `the comparison ${name.replace('_', ' ')}: ${count}`);
  }

  private async state(): Promise<string> {
    const [here] = await this.world.here<{ state: string }>(
      `SELECT concat_ws(' ', (SELECT sum(version) FROM tasks), (SELECT count(*) FROM task_changes),
                (SELECT count(*) FROM sync_conflicts)) AS state`,
    );
    const [there] = await this.world.there<{ state: string }>(
      `SELECT concat_ws(' ', count(*), sum(extract(epoch FROM system_modstamp))) AS state FROM sf_task`,
    );
    return `${here?.state} / ${there?.state}`;
  }
}

const NOTHING: Act = {
  kind: 'act',
  side: 'here',
  operation: 'edit',
  rep: 0,
  task: 0,
  field: 'Subject',
  lateSeconds: 0,
  aimed: false,
};
