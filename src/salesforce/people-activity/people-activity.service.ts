import { Injectable } from '@nestjs/common';
import type { Principal } from '../../accounts/access.js';
import { PeopleService } from '../../command-center/people/people.service.js';
import { Transactions } from '../../platform/database/transactions.js';
import { forCaller } from '../client/product-error.js';
import { SalesforceClients } from '../client/salesforce-clients.js';
import { idLiteral, inList } from '../client/soql.js';
import { ownSalesforceUser } from '../connection/own-salesforce-user.js';
import type { SalesforceActivity } from './people-activity.dto.js';

const MOST = 50;
/** A person has few records; those of a merged one may be more than a query takes. */
const RECORDS_MOST = 100;

interface RemoteActivity {
  Id: string;
  Subject: string | null;
  Status: string;
  TaskSubtype: string | null;
  CompletedDateTime: string | null;
  CallDisposition: string | null;
  Owner: { Name: string | null } | null;
}

/**
 * What was done with a person in Salesforce itself: logged calls and emails, finished Tasks. Asked when somebody looks,
 * and kept nowhere: it is Salesforce's. A rep sees their own, an admin everybody's, as everywhere.
 */
@Injectable()
export class PeopleActivity {
  constructor(
    private readonly clients: SalesforceClients,
    private readonly people: PeopleService,
    private readonly transactions: Transactions,
  ) {}

  async list(principal: Principal, personId: string): Promise<SalesforceActivity[]> {
    const person = await this.people.get(principal, personId);
    const records = person.salesforce_records.slice(0, RECORDS_MOST).map(({ id }) => idLiteral(id));
    if (records.length === 0) return [];
    const client = await this.clients.for(principal.teamId);
    const own =
      principal.role === 'admin'
        ? ''
        : ` AND OwnerId = ${idLiteral(await ownSalesforceUser(this.transactions, principal))}`;
    const soql = `SELECT Id, Subject, Status, TaskSubtype, CompletedDateTime, CallDisposition, Owner.Name FROM Task
      WHERE WhoId IN ${inList(records)} AND IsClosed = TRUE AND IsDeleted = FALSE${own}
      ORDER BY CompletedDateTime DESC NULLS LAST, Id DESC LIMIT ${MOST}`;
    // Archived ones, too: after a year Salesforce puts them away.
    const options = { purpose: 'people', deletedToo: true };
    return (await forCaller(() => client.page<RemoteActivity>(soql, options))).records.map(activityOf);
  }
}

function activityOf(task: RemoteActivity): SalesforceActivity {
  const {
    Id: id,
    Subject: subject,
    Status: status,
    CompletedDateTime: at,
    CallDisposition: result,
    Owner: owner,
  } = task;
  return {
    ...{ id, kind: kindOf(task.TaskSubtype), subject: subject ?? '', status },
    ...{ at: at === null ? null : new Date(at), owner: owner?.Name ?? '', result },
  };
}

function kindOf(subtype: string | null): SalesforceActivity['kind'] {
  if (subtype === 'Call') return 'call';
  return subtype === 'Email' || subtype === 'ListEmail' || subtype === 'Cadence' ? 'email' : 'task';
}
