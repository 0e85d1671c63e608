import { select } from '../../src/sandbox/start/compare-read.js';
import { apiClient, type JsonClient, Refused } from '../../src/sandbox/start/http-json.js';
import type { Rep } from '../../src/sandbox/start/team.js';
import type { Fleet } from './fleet.js';
import type { LagMeter } from './lag-meter.js';

/** A task that stands on both sides. */
interface Card {
  taskId: string;
  salesforceId: string;
  rep: Rep;
}

interface Edit {
  /** How often of a hundred. */
  often: number;
  make(card: Card): Promise<unknown>;
}

/** `marked`: only edits whose way is measured. `mixed`: also creates, deletes, completions, the same field on both sides. */
export type Mix = 'marked' | 'mixed';

/** People who edit on both sides, one edit after the other at a steady rate, whatever the answers take. */
export class Editors {
  made = 0;
  /** Answered with a refusal that a person would understand: gone meanwhile, say. */
  refused = 0;
  readonly failures: string[] = [];
  private readonly clients: ReadonlyMap<string, JsonClient>;
  private readonly underway = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private number = 0;

  private constructor(
    private readonly fleet: Fleet,
    private readonly meter: LagMeter,
    private readonly cards: Card[],
    private readonly random: () => number,
    private readonly mix: Mix,
  ) {
    const { stack, team } = fleet.sandbox;
    this.clients = new Map(team.reps.map((rep) => [rep.userId, apiClient(stack.apiUrl, rep.key)]));
  }

  static async meet(fleet: Fleet, meter: LagMeter, random: () => number, mix: Mix): Promise<Editors> {
    const rows = await select<{ taskId: string; salesforceId: string; assigneeId: string }>(
      fleet.databaseUrl,
      `SELECT k.task_id AS "taskId", k.salesforce_id AS "salesforceId", t.assignee_id AS "assigneeId"
       FROM task_links k JOIN tasks t ON t.team_id = k.team_id AND t.id = k.task_id
       WHERE k.salesforce_id IS NOT NULL AND NOT k.archived AND t.deleted_at IS NULL AND t.status = 'open'
       ORDER BY k.salesforce_id`,
    );
    const reps = new Map(fleet.sandbox.team.reps.map((rep) => [rep.userId, rep]));
    const cards = rows.flatMap(({ assigneeId, ...ids }) => {
      const rep = reps.get(assigneeId);
      return rep ? [{ ...ids, rep }] : [];
    });
    return new Editors(fleet, meter, cards, random, mix);
  }

  /** Edits a second on each side. */
  start(perSecond: number): void {
    const began = performance.now();
    let begun = 0;
    this.timer = setInterval(() => {
      for (const due = ((performance.now() - began) / 1000) * perSecond; begun < due; begun++) {
        this.begin(this.here());
        this.begin(this.there());
      }
    }, 20);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.underway);
  }

  private begin(edits: readonly Edit[]): void {
    const card = this.draw();
    if (!card) return;
    const edit = this.choose(edits);
    const work = edit.make(card).then(
      () => void (this.made += 1),
      (error: unknown) => this.failed(error),
    );
    const tracked = work.finally(() => this.underway.delete(tracked));
    this.underway.add(tracked);
  }

  private failed(error: unknown): void {
    if (error instanceof Refused && error.status < 500) this.refused += 1;
    else this.failures.push(error instanceof Error ? error.message : String(error));
  }

  private here(): Edit[] {
    const patch = (card: Card, body: object) => this.as(card).send('PATCH', `/v1/tasks/${card.taskId}`, body);
    return [
      { often: 70, make: (card) => this.marked('toSalesforce', card, (details) => patch(card, { details })) },
      { often: 10, make: (card) => patch(card, { priority: ['high', 'normal', 'low'][this.number++ % 3] }) },
      { often: 8, make: (card) => this.as(card).send('POST', `/v1/tasks/${card.taskId}/complete`) },
      { often: 6, make: (card) => this.as(card).send('POST', '/v1/tasks', { name: `Made here ${this.number++}` }) },
      { often: 3, make: (card) => this.as(this.drop(card)).send('DELETE', `/v1/tasks/${card.taskId}`) },
      { often: 3, make: (card) => patch(card, { name: `Named here ${this.number++}` }) },
    ];
  }

  private there(): Edit[] {
    const { org } = this.fleet.sandbox;
    const send = ({ rep, salesforceId }: Card, method: string, body?: object) =>
      org.as(rep.salesforceUserId, method, `sobjects/Task/${salesforceId}`, body);
    const create = ({ rep }: Card) => {
      const fields = { Subject: `Made there ${this.number++}`, OwnerId: rep.salesforceUserId };
      return org.as(rep.salesforceUserId, 'POST', 'sobjects/Task', fields);
    };
    return [
      { often: 70, make: (card) => this.marked('fromSalesforce', card, (Subject) => send(card, 'PATCH', { Subject })) },
      { often: 10, make: (card) => send(card, 'PATCH', { Priority: ['High', 'Normal', 'Low'][this.number++ % 3] }) },
      { often: 8, make: (card) => send(card, 'PATCH', { Status: 'Completed' }) },
      { often: 6, make: create },
      { often: 3, make: (card) => send(this.drop(card), 'DELETE') },
      { often: 3, make: (card) => send(card, 'PATCH', { Description: `Noted there ${this.number++}` }) },
    ];
  }

  private async marked(
    direction: 'toSalesforce' | 'fromSalesforce',
    card: Card,
    make: (value: string) => Promise<unknown>,
  ): Promise<void> {
    const value = `Edit ${this.number++}`;
    const since = performance.now();
    this.meter.expect(direction, card.salesforceId, value, since);
    await make(value);
  }

  private choose(edits: readonly Edit[]): Edit {
    let place = this.mix === 'marked' ? 0 : this.random() * 100;
    const found = edits.find(({ often }) => (place -= often) < 0) ?? edits[0];
    if (!found) throw new Error('There is nothing to do.');
    return found;
  }

  /** One whose last edit has arrived. */
  private draw(): Card | undefined {
    for (let tries = 0; tries < 50; tries++) {
      const card = this.cards[Math.floor(this.random() * this.cards.length)];
      if (card && !this.meter.isWaiting(card.salesforceId)) return card;
    }
    return undefined;
  }

  private drop(card: Card): Card {
    this.cards.splice(this.cards.indexOf(card), 1);
    return card;
  }

  private as({ rep }: Card): JsonClient {
    const client = this.clients.get(rep.userId);
    if (!client) throw new Error(`${rep.name} has no key.`);
    return client;
  }
}
