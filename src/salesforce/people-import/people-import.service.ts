import { Injectable } from '@nestjs/common';
import { type Principal, requireUser } from '../../accounts/access.js';
import { ImportIntake } from '../../command-center/people/imports/import-intake.js';
import type { PeopleImportView } from '../../command-center/people/imports/people-imports.dto.js';
import { PeopleImportsService } from '../../command-center/people/imports/people-imports.service.js';
import { Clock } from '../../platform/clock/clock.js';
import { Transactions } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { invalidInput } from '../../platform/http/validation.js';
import { WakeUps } from '../../platform/pipelines/wake-ups.js';
import { RateLimits } from '../../platform/rate-limits/rate-limits.js';
import { forCaller } from '../client/product-error.js';
import type { SalesforceClient } from '../client/salesforce-client.js';
import { SalesforceClients } from '../client/salesforce-clients.js';
import { ownSalesforceUser } from '../connection/own-salesforce-user.js';
import { TokenKeeper } from '../connection/token-keeper.js';
import { SALESFORCE_ORG } from '../org-loop/org-loop.js';
import type { ListViewList, PeopleInSalesforce, PeopleInSalesforceCount } from './people-import.dto.js';
import {
  conditionOf,
  countSoql,
  fits,
  importColumns,
  type PeopleQuery,
  type PersonObject,
  whereOf,
} from './people-query.js';
import { PeopleReads } from './people-reads.repository.js';

const FOR = { purpose: 'people' } as const;
const READS = { points: 30, durationSeconds: 3600 };

/** Leads and contacts that become people: a rep's own, or, for admins, anybody's. */
@Injectable()
export class SalesforcePeopleImports {
  constructor(
    private readonly clients: SalesforceClients,
    private readonly tokens: TokenKeeper,
    private readonly intake: ImportIntake,
    private readonly imports: PeopleImportsService,
    private readonly reads: PeopleReads,
    private readonly transactions: Transactions,
    private readonly wakeUps: WakeUps,
    private readonly limits: RateLimits,
    private readonly clock: Clock,
  ) {}

  /** Begins to read them in the background; what was read is then tried and imported like a file. */
  async begin(principal: Principal, input: PeopleInSalesforce): Promise<PeopleImportView> {
    const { teamId } = principal;
    const ownerId = requireUser(principal);
    await this.limits.take('people-read', `${teamId}:${ownerId}`, READS);
    const { connectionId } = await this.tokens.connectedOrg(teamId);
    const queries = await this.queries(principal, input);
    const createdAt = this.clock.now();
    const columns = importColumns();
    const extra = input.extra_fields ?? [];
    const id = await this.transactions.run(async (tx) => {
      if ((await this.reads.holdOrg(tx, connectionId)) === 'left') throw new ProductError('salesforce_not_connected');
      const importId = await this.intake.begin(tx, teamId, ownerId, { columns, extra }, createdAt);
      await this.reads.add(tx, { teamId, importId, connectionId, queries, createdAt });
      this.wakeUps.wakeAfterCommit(tx, SALESFORCE_ORG, connectionId);
      return importId;
    });
    return this.imports.get(principal, id);
  }

  /** How many there are, before they are read. */
  async count(principal: Principal, input: PeopleInSalesforce): Promise<PeopleInSalesforceCount> {
    const client = await this.clients.for(principal.teamId);
    const counts: PeopleInSalesforceCount = {};
    for (const query of await this.queries(principal, input)) {
      counts[query.object] = await forCaller(() => client.count(countSoql(query), { ...FOR, deletedToo: false }));
    }
    return counts;
  }

  async listViews({ teamId }: Principal, object: PersonObject): Promise<ListViewList> {
    const client = await this.clients.for(teamId);
    const views = await forCaller(() => client.listViews(object, FOR));
    return { data: views.sort((a, b) => a.label.localeCompare(b.label, 'en')) };
  }

  private async queries(principal: Principal, input: PeopleInSalesforce): Promise<PeopleQuery[]> {
    const client = await this.clients.for(principal.teamId);
    const { owned = true, objects, extra_fields: extra = [] } = input;
    if (!owned && principal.role !== 'admin') {
      throw new ProductError('forbidden', 'Only admins import what others own in Salesforce.');
    }
    // Whatever the integration user sees would be read, whoever of the team may see it in Salesforce.
    if (extra.length > 0 && principal.role !== 'admin') {
      throw new ProductError('forbidden', 'Only admins import fields beside the usual ones.');
    }
    const listView = await this.listView(client, input);
    const ownerId = owned || listView?.mine ? await ownSalesforceUser(this.transactions, principal) : null;
    const createdSince = input.created_since === undefined ? undefined : new Date(input.created_since);
    const { company, title } = input;
    const conditions = { ownerId, listView: listView?.where || null, company, title, createdSince };
    const queries = objects.map((object) => ({ object, where: whereOf(object, conditions), extra }));
    // Only a list view has room for that: the other conditions are short.
    if (!queries.every(fits)) {
      throw invalidInput([{ field: 'list_view_id', message: 'has conditions too long to ask with: use another one' }]);
    }
    return queries;
  }

  private async listView(
    client: SalesforceClient,
    { list_view_id: id, objects }: PeopleInSalesforce,
  ): Promise<{ mine: boolean; where: string } | undefined> {
    if (id === undefined) return undefined;
    const [object, ...others] = objects;
    if (!object || others.length > 0) {
      throw invalidInput([{ field: 'objects', message: 'must be the one object that the list view is of' }]);
    }
    const condition = conditionOf(await forCaller(() => client.listViewQuery(object, id, FOR)));
    if (condition) return condition;
    const message = 'shows records in a way that cannot be imported (of a team or a queue, say): use another one';
    throw invalidInput([{ field: 'list_view_id', message }]);
  }
}
