import { Injectable } from '@nestjs/common';
import { PeopleDirectory } from '../../command-center/people/people-directory.js';
import { TaskStore } from '../../command-center/tasks/task-store.js';
import type { Tx } from '../../platform/database/transactions.js';
import { SalesforceError } from '../client/errors.js';
import type { WriteResult } from '../client/salesforce-client.js';
import type { OrgContext } from '../org-loop/org-context.js';
import { type NewNames, RemoteNames } from './remote-names.js';
import type { PreparedWrite } from './task-merger.js';

/** Tasks that were refused because their lead was converted, and the contact that it became. */
export interface Conversions {
  /** By task. */
  contacts: ReadonlyMap<string, { leadId: string; contactId: string }>;
  /** Of these it could not be asked at this moment. */
  unanswered: ReadonlySet<string>;
  names: NewNames;
}

const NONE: Conversions = { contacts: new Map(), unanswered: new Set(), names: { people: [], records: [] } };

/** Salesforce takes no task about a converted lead: such a task follows the lead to its contact. */
@Injectable()
export class ConvertedLeads {
  constructor(
    private readonly store: TaskStore,
    private readonly people: PeopleDirectory,
    private readonly names: RemoteNames,
  ) {}

  /** Asks Salesforce what became of the leads for which writes were refused; no call when none was. */
  async read(
    org: OrgContext,
    writes: readonly PreparedWrite[],
    results: readonly (WriteResult | undefined)[],
  ): Promise<Conversions> {
    const refused = new Map<string, string>();
    writes.forEach((prepared, index) => {
      const result = results[index];
      if (!result || result.ok || result.error.code !== 'CANNOT_UPDATE_CONVERTED_LEAD') return;
      const who = whoOf(prepared);
      if (who?.startsWith('00Q')) refused.set(prepared.taskId, who);
    });
    if (refused.size === 0) return NONE;
    try {
      return await this.ask(org, refused);
    } catch (error) {
      // The answers of all others are known, and must not be lost with this question.
      if (!(error instanceof SalesforceError)) throw error;
      const isFinal = error.kind === 'user' || error.kind === 'admin';
      return isFinal ? NONE : { ...NONE, unanswered: new Set(refused.keys()) };
    }
  }

  /** The tasks are about the contacts from now on, unless somebody chose another person meanwhile. Before their links. */
  async follow(tx: Tx, teamId: string, { contacts, names }: Conversions, at: Date): Promise<void> {
    if (contacts.size === 0) return;
    await this.names.store(tx, teamId, names);
    const ids = [...contacts.values()].map(({ contactId }) => contactId);
    const persons = await this.people.bySalesforceIds(tx, teamId, ids);
    const tasks = await this.store.lock(tx, teamId, [...contacts.keys()]);
    const changes = [...tasks.values()].flatMap((before) => {
      const { leadId, contactId } = contacts.get(before.id) ?? {};
      if (!contactId || before.values.whoId !== leadId) return [];
      const after = { ...before.values, whoId: contactId, personId: persons.get(contactId) ?? null };
      return [{ before, after, actor: null }];
    });
    await this.store.update(tx, teamId, changes, { origin: 'salesforce', at });
  }

  private async ask(org: OrgContext, refused: ReadonlyMap<string, string>): Promise<Conversions> {
    const leads = await org.client.retrieve<{ Id: string; ConvertedContactId: string | null }>(
      'Lead',
      [...new Set(refused.values())],
      ['Id', 'ConvertedContactId'],
      { purpose: 'names' },
    );
    const contactOf = new Map(leads.map((lead) => [lead?.Id, lead?.ConvertedContactId]));
    const contacts = new Map<string, { leadId: string; contactId: string }>();
    for (const [taskId, leadId] of refused) {
      const contactId = contactOf.get(leadId);
      if (contactId) contacts.set(taskId, { leadId, contactId });
    }
    const rows = [...contacts.values()].map(({ contactId }) => ({ WhoId: contactId, WhatId: null }));
    return { ...NONE, contacts, names: await this.names.read(org, rows) };
  }
}

function whoOf({ write, baseNow }: PreparedWrite): string | null | undefined {
  return 'fields' in write && 'WhoId' in write.fields ? write.fields.WhoId : baseNow?.there.WhoId;
}
