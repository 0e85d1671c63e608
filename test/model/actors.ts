import type { LateWrites } from './late-writes.js';
import { TaskLedger } from './ledger.js';
import type { ModelWorld } from './model-world.js';
import type { Act, EditedField, Operation } from './step.js';
import { COLUMNS, inSalesforcesWords, tasksHere, tasksThere } from './tasks-seen.js';
import type { WorkerLine } from './worker-line.js';

const COLUMN_OF: Partial<Record<EditedField, string>> = {
  Subject: 'name',
  Description: 'details',
  ActivityDate: 'due_date',
  Priority: 'priority',
  ReminderDateTime: 'reminder_at',
  WhatId: 'what_id',
};
/** What is chosen may be there already, and is no change then. */
const FEW_VALUES: readonly EditedField[] = ['Priority', 'WhatId'];
const DAY_MS = 86_400_000;

/** The people of a history: they act here and in Salesforce, and what they do goes into the ledgers. */
export class Actors {
  /** Ledgers by the task's id on the side where it was done. */
  readonly here = new Map<string, TaskLedger>();
  readonly there = new Map<string, TaskLedger>();
  /** Edits that the API accepted and that change something: each must be in its task's history. */
  readonly accepted: { id: string; field: string; value: string | null }[] = [];
  /** Tasks here that must be in Salesforce at the end. */
  readonly mustBeThere = new Set<string>();
  readonly syncing = new Set<number>();
  unavoidable = 0;
  private acts = 0;

  constructor(
    private readonly world: ModelWorld,
    private readonly late: LateWrites,
  ) {}

  /**
   * Answers whether anything came of it. A line that is given stands at a place: what is done in Salesforce now may be
   * written over unseen.
   */
  async act(act: Act, line?: WorkerLine): Promise<boolean> {
    this.acts += 1;
    if (act.operation === 'off/on') return this.turn(act.rep % this.world.reps.length);
    return act.side === 'here' ? this.actHere(act) : this.actThere(act, line);
  }

  async turnAllOn(): Promise<void> {
    for (const [n] of this.world.reps.entries()) if (!this.syncing.has(n)) await this.turn(n);
  }

  private async turn(rep: number): Promise<true> {
    const enabled = !this.syncing.has(rep);
    const body = { user_ids: [this.world.reps[rep]?.userId], enabled, scope: 'all' };
    const { status } = await this.world.call('PUT', '/v1/salesforce/task-sync/users', body);
    if (status >= 400) throw new Error(`The setting was refused: ${status}`);
    if (enabled) this.syncing.add(rep);
    else this.syncing.delete(rep);
    return true;
  }

  private async actHere(act: Act): Promise<boolean> {
    if (act.operation === 'create') return this.createHere(act);
    const { operation } = act;
    const id = act.at?.here ?? (await this.taskFor(act));
    if (!id) return this.createHere(act);
    switch (operation) {
      case 'edit': {
        const field = act.field === 'WhoId' ? 'Subject' : act.field;
        const value = this.valueHere(field);
        const done = await this.change(id, 'PATCH', '', { [COLUMN_OF[field] ?? 'name']: value });
        if (done && !FEW_VALUES.includes(field)) this.accepted.push({ id, field, value });
        return done;
      }
      case 'reassign': {
        const [before] = await tasksHere(this.world, id);
        const rep = this.somebodyElse(before?.values.OwnerId, act.rep);
        const done = await this.change(id, 'PATCH', '', { assignee_id: this.world.reps[rep]?.userId });
        if (done && this.syncing.has(rep)) this.mustBeThere.add(id);
        return done;
      }
      case 'complete':
      case 'skip':
      case 'reopen':
        return this.change(id, 'POST', `/${operation}`, {});
      case 'delete': {
        const [before] = await tasksHere(this.world, id);
        const done = await this.change(id, 'DELETE', '');
        if (done) this.ledgerHere(id).seen.push(before?.values ?? {});
        return done;
      }
      case 'undelete':
        return this.change(id, 'POST', '/restore', {});
      case 'off/on':
        return false;
    }
  }

  /** One of those to which it can be done, if there is any. */
  private async taskFor({ operation, task }: Act): Promise<string | undefined> {
    const tasks = await this.world.here<{ id: string; status: string; deleted: boolean }>(
      'SELECT id, status, deleted_at IS NOT NULL AS deleted FROM tasks ORDER BY id',
    );
    return chosen(tasks, task, ({ status, deleted }) => isFor(operation, status !== 'open', deleted))?.id;
  }

  /** A rep, by number, who does not have it yet. */
  private somebodyElse(ownerThere: string | null | undefined, n: number): number {
    const { length } = this.world.reps;
    const rep = n % length;
    return this.world.reps[rep]?.salesforceId === ownerThere ? (rep + 1) % length : rep;
  }

  private async createHere(act: Act): Promise<true> {
    const rep = act.rep % this.world.reps.length;
    const syncing = this.syncing.has(rep);
    const values = { type: 'custom', name: this.valueHere('Subject'), assignee_id: this.world.reps[rep]?.userId };
    const { status, body } = await this.world.call<{ id: string }>('POST', '/v1/tasks', values);
    if (status >= 400) throw new Error(`A task was refused: ${status} ${JSON.stringify(body)}`);
    this.ledgerHere(body.id).add({ side: 'here', field: 'Subject', value: values.name, over: null });
    if (syncing) this.mustBeThere.add(body.id);
    return true;
  }

  /** False: refused, because the task is deleted, away, or not to be had like this. */
  private async change(id: string, method: string, path: string, body?: object): Promise<boolean> {
    const { status } = await this.world.call(method, `/v1/tasks/${id}${path}`, body);
    if (status >= 500) throw new Error(`${method} ${path} failed: ${status}`);
    return status < 400;
  }

  /** What was done here, as the tasks' own history has it: it says what was replaced, also after waiting for a lock. */
  async readHistory(): Promise<void> {
    const lines = await this.world.here<{ id: string; field: string; old: string | null; new: string | null }>(
      `SELECT task_id AS id, field, old_value AS old, new_value AS new FROM task_changes
       WHERE origin = 'here' ORDER BY id`,
    );
    for (const line of lines) {
      const field = COLUMNS[line.field];
      const [value = null, over = null] = [line.new, line.old].map((text) =>
        inSalesforcesWords(this.world, line.field, text),
      );
      if (field && value !== over) this.ledgerHere(line.id).add({ side: 'here', field, value, over });
    }
    for (const { id, field, value } of this.accepted) {
      const wanted = field === 'ReminderDateTime' ? new Date(value ?? '').toISOString() : value;
      const isThere = this.ledgerHere(id).edits.some((edit) => edit.field === field && edit.value === wanted);
      if (!isThere) throw new Error(`An accepted edit is not in the history: ${id} ${field} ${value}`);
    }
  }

  ledgerHere(id: string): TaskLedger {
    const ledger = this.here.get(id) ?? new TaskLedger();
    this.here.set(id, ledger);
    return ledger;
  }

  private async actThere(act: Act, line: WorkerLine | undefined): Promise<boolean> {
    const { operation } = act;
    const rows = await tasksThere(this.world);
    const rep = this.world.reps[act.rep % this.world.reps.length];
    if (operation === 'create' || rows.length === 0) return this.createThere(act);
    const row =
      rows.find(({ id }) => id === act.at?.there) ??
      chosen(rows, act.task, ({ values, deleted }) => isFor(operation, values.Status === 'closed', deleted));
    if (!row || !rep) return false;
    const late = act.lateSeconds > 0 ? `?stampBackMs=${act.lateSeconds * 1000}` : '';
    const path = `as/${rep.salesforceId}/sobjects/Task/${row.id}${late}`;
    const edit = async (field: string, value: string, fields: Record<string, unknown>, shown = value) => {
      if (row.values[field] === shown) return false;
      const { status } = await this.world.control('PATCH', path, fields);
      if (status >= 400) return false;
      const over = row.values[field] ?? null;
      const made = this.ledgerThere(row.id).add({ side: 'there', field, value: shown, over });
      const between = {
        salesforceId: row.id,
        field,
        overwritten: () => {
          if (!made.unavoidable) this.unavoidable += 1;
          made.unavoidable = true;
        },
      };
      line?.edited(between);
      this.late.edited(between);
      return true;
    };
    switch (operation) {
      case 'edit': {
        const value = this.valueThere(act.field);
        const more = act.field === 'ReminderDateTime' ? { IsReminderSet: true } : {};
        return edit(act.field, value, { [act.field]: value, ...more });
      }
      case 'complete':
      case 'skip':
        // One that is closed within seconds of its making was logged, not worked through.
        this.world.clock.advance(11_000 + act.lateSeconds * 1000);
        return edit('Status', 'Completed', { Status: 'Completed' }, 'closed');
      case 'reopen':
        return edit('Status', 'Not Started', { Status: 'Not Started' }, 'open');
      case 'reassign': {
        const owner = this.world.reps[this.somebodyElse(row.values.OwnerId, act.task)]?.salesforceId ?? '';
        return edit('OwnerId', owner, { OwnerId: owner });
      }
      case 'delete': {
        const { status } = await this.world.control('DELETE', path);
        if (status < 400) this.ledgerThere(row.id).seen.push(row.values);
        return status < 400;
      }
      case 'undelete':
        return row.deleted && this.undelete(row.id, rep.salesforceId);
      case 'off/on':
        return false;
    }
  }

  async createThere(act: Pick<Act, 'rep' | 'lateSeconds'>): Promise<true> {
    const owner = this.world.reps[act.rep % this.world.reps.length]?.salesforceId ?? '';
    const late = act.lateSeconds > 0 ? `?stampBackMs=${act.lateSeconds * 1000}` : '';
    this.acts += 1;
    const Subject = this.valueThere('Subject');
    const { body } = await this.world.control<{ id: string }>('POST', `as/${owner}/sobjects/Task${late}`, {
      OwnerId: owner,
      Subject,
    });
    this.ledgerThere(body.id).add({ side: 'there', field: 'Subject', value: Subject, over: null });
    return true;
  }

  private async undelete(id: string, userId: string): Promise<true> {
    const { body } = await this.world.control<{ accessToken: string }>('POST', 'sessions', { userId });
    const envelope = `<Envelope><Header><SessionHeader><sessionId>${body.accessToken}</sessionId></SessionHeader></Header>
      <Body><undelete><ids>${id}</ids></undelete></Body></Envelope>`;
    await fetch(`${this.world.org.url}/services/Soap/u/62.0`, {
      method: 'POST',
      headers: { 'Content-Type': 'text/xml', SOAPAction: '""' },
      body: envelope,
    });
    return true;
  }

  ledgerThere(id: string): TaskLedger {
    const ledger = this.there.get(id) ?? new TaskLedger();
    this.there.set(id, ledger);
    return ledger;
  }

  /** A value that nobody chose before, where the field has so many. */
  private valueHere(field: EditedField): string {
    const there = this.valueThere(field);
    if (field === 'Priority') return there.toLowerCase();
    return field === 'Subject' || field === 'Description' ? there.replace('there', 'here') : there;
  }

  private valueThere(field: EditedField): string {
    const n = this.acts;
    switch (field) {
      case 'Subject':
      case 'Description':
        return `${field} ${n} there`;
      case 'ActivityDate':
        return new Date(Date.UTC(2026, 3, 1) + n * DAY_MS).toISOString().slice(0, 10);
      case 'ReminderDateTime':
        return new Date(Date.UTC(2026, 3, 1, 8) + n * 60_000).toISOString();
      case 'Priority':
        return ['High', 'Normal', 'Low'][n % 3] ?? 'Normal';
      case 'WhoId':
        return this.world.contacts[n % this.world.contacts.length] ?? '';
      case 'WhatId':
        return this.world.accounts[n % this.world.accounts.length] ?? '';
    }
  }
}

/** The nth of those that fit, else of all. */
function chosen<Item>(items: readonly Item[], n: number, fits: (item: Item) => boolean): Item | undefined {
  const fitting = items.filter(fits);
  const among = fitting.length > 0 ? fitting : items;
  return among[n % Math.max(1, among.length)];
}

function isFor(operation: Operation, closed: boolean, deleted: boolean): boolean {
  if (operation === 'undelete') return deleted;
  if (operation === 'reopen') return closed && !deleted;
  if (operation === 'complete' || operation === 'skip') return !closed && !deleted;
  return !deleted;
}
