import { Injectable } from '@nestjs/common';
import type { Principal } from '../../accounts/access.js';
import { isActiveUser } from '../../accounts/names.js';
import type { Reader, Tx } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { invalidInput } from '../../platform/http/validation.js';
import { PeopleDirectory } from '../people/people-directory.js';
import { PeopleService } from '../people/people.service.js';
import type { PersonStanding } from '../people/person-access.js';
import { taskAccess } from './task-access.js';
import type { StoredTask } from './task-store.js';
import type { TaskValues } from './task-values.js';

export const NO_TASK = 'There is no such task, or it is not shared with you.';

/** Who may see and change a task, to whom it may be given, whom it may be about. Asked inside the transaction that changes it. */
@Injectable()
export class TaskGuard {
  constructor(
    private readonly directory: PeopleDirectory,
    private readonly people: PeopleService,
  ) {}

  async requireVisible(
    reader: Reader,
    principal: Principal,
    task: Pick<TaskValues, 'assigneeId' | 'personId'>,
  ): Promise<void> {
    const standings = await this.directory.cards(reader, principal.teamId, [task.personId]);
    if (taskAccess(principal, task, personOf(task, standings)) === 'none') throw new ProductError('not_found', NO_TASK);
  }

  /** 404 for what the caller may not even see. */
  async requireEditable(tx: Tx, principal: Principal, values: TaskValues): Promise<void> {
    const standings = await this.directory.cards(tx, principal.teamId, [values.personId]);
    requireEdit(principal, values, standings);
  }

  /** The standings of the people of many tasks, in one look. */
  async standingsOf(tx: Tx, teamId: string, tasks: Iterable<StoredTask>): Promise<Map<string, PersonStanding>> {
    return this.directory.cards(
      tx,
      teamId,
      [...tasks].map(({ values }) => values.personId),
    );
  }

  /** Checks the new assignee and person, and which Salesforce record of the person it is about. */
  async settle(tx: Tx, principal: Principal, before: TaskValues | null, after: TaskValues): Promise<TaskValues> {
    const movesTo = after.assigneeId !== before?.assigneeId;
    const meets = after.personId !== (before?.personId ?? null);
    if (!movesTo && !meets) return after;
    if (movesTo) await this.requireAssignee(tx, principal, after.assigneeId);
    if (meets && after.personId) await this.requirePerson(tx, principal, after.personId);
    const standings = await this.directory.cards(tx, principal.teamId, [after.personId]);
    requireGivable(principal, after, standings);
    return meets ? { ...after, whoId: await this.recordFor(tx, principal.teamId, after) } : after;
  }

  async requireAssignee(tx: Tx, principal: Principal, assigneeId: string): Promise<void> {
    if (await isActiveUser(tx, principal.teamId, assigneeId)) return;
    throw invalidInput([{ field: 'assignee_id', message: 'is no active user of your team' }]);
  }

  private async requirePerson(tx: Tx, principal: Principal, personId: string): Promise<void> {
    if ((await this.people.accessTo(tx, principal, personId)) !== 'none') return;
    throw invalidInput([{ field: 'person_id', message: 'is nobody that you can see' }]);
  }

  private async recordFor(tx: Tx, teamId: string, { personId, whoId }: TaskValues): Promise<string | null> {
    return personId ? this.directory.recordOf(tx, teamId, personId, whoId) : null;
  }
}

export function requireEdit(
  principal: Principal,
  values: TaskValues,
  standings: ReadonlyMap<string, PersonStanding>,
): void {
  switch (taskAccess(principal, values, personOf(values, standings))) {
    case 'edit':
      return;
    case 'read':
      throw new ProductError('forbidden', 'This task is somebody else’s, and its person is not shared.');
    case 'none':
      throw new ProductError('not_found', NO_TASK);
  }
}

/** A member gives a task to a teammate only where the teammate can see whom it is about. */
export function requireGivable(
  principal: Principal,
  values: TaskValues,
  standings: ReadonlyMap<string, PersonStanding>,
): void {
  if (principal.role === 'admin' || values.assigneeId === principal.userId) return;
  if (personOf(values, standings)?.shared) return;
  throw new ProductError('forbidden', 'A teammate’s task needs a person shared with the team, or an admin.');
}

function personOf(
  values: Pick<TaskValues, 'personId'>,
  standings: ReadonlyMap<string, PersonStanding>,
): PersonStanding | null {
  return (values.personId === null ? undefined : standings.get(values.personId)) ?? null;
}
