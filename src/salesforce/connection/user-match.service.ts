import { Injectable } from '@nestjs/common';
import { Audit, type AuditedAct } from '../../accounts/audit/audit.js';
import { Clock } from '../../platform/clock/clock.js';
import { Transactions, type Tx, violatedConstraint } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { isSalesforceId, prefixOf, to18 } from '../client/ids.js';
import { forCaller } from '../client/product-error.js';
import { SalesforceClients } from '../client/salesforce-clients.js';
import { idLiteral } from '../client/soql.js';
import { ConnectionEvents } from './connection-events.js';
import { matchUsers, type MatchResult, type OrgUser, type StoredMatch } from './user-matching.js';
import { UserMatches } from './user-matches.repository.js';

const PERSON_WAITS_MS = 20_000;
const MOST_USERS = 50_000;

interface UserRecord {
  Id: string;
  Username: string;
  Email: string;
  Name: string;
  FederationIdentifier: string | null;
}

const SELECT_USERS = `SELECT Id, Username, Email, Name, FederationIdentifier FROM User WHERE IsActive = true AND UserType = 'Standard'`;

/** Which Salesforce user each of ours is: read from the org, matched, corrected by admins. */
@Injectable()
export class UserMatchService {
  constructor(
    private readonly clients: SalesforceClients,
    private readonly matches: UserMatches,
    private readonly events: ConnectionEvents,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  /** The org's active standard users, by name, each with our user if there is one. */
  async orgUsers(teamId: string): Promise<{ user: OrgUser; match: StoredMatch | undefined }[]> {
    const [{ users }, matches] = await Promise.all([this.read(teamId), this.matches.list(teamId)]);
    const matchOf = new Map(matches.map((match) => [match.salesforceUserId, match]));
    return users
      .map((user) => ({ user, match: matchOf.get(user.id) }))
      .sort((a, b) => a.user.name.localeCompare(b.user.name, 'en'));
  }

  /** Finds matches for those who have none. Present ones stand. */
  async run(teamId: string, actor: string): Promise<MatchResult[]> {
    const { orgId, users: theirs } = await this.read(teamId);
    const [ours, present] = await Promise.all([this.matches.activeUsers(teamId), this.matches.list(teamId)]);
    const results = matchUsers(ours, theirs, present);
    const at = this.clock.now();
    return this.transactions.run(async (tx) => {
      await this.holdOrg(tx, teamId, orgId);
      const stored: MatchResult[] = [];
      const acts: AuditedAct[] = [];
      for (const result of results) {
        const [orgUser] = result.candidates;
        if (result.outcome !== 'matched' || !orgUser || !result.matchedBy) {
          stored.push(result);
          continue;
        }
        const match = matchOf(result.user.id, orgUser, result.matchedBy);
        if (await this.matches.add(tx, teamId, match, at)) {
          await this.events.matchChanged(tx, { teamId, userId: match.userId, before: null, after: orgUser.id });
          acts.push(matched(teamId, actor, match));
          stored.push(result);
        } else {
          // An admin chose at this moment.
          stored.push({ ...result, outcome: 'taken', matchedBy: null });
        }
      }
      const details = { matched: acts.length };
      await this.audit.recordAll(tx, [{ teamId, actor, action: 'salesforce.matching_run', details }, ...acts]);
      return stored;
    });
  }

  /** An admin's choice. */
  async choose(teamId: string, userId: string, salesforceUserId: string, actor: string): Promise<OrgUser> {
    if ((await this.matches.nameOf(teamId, userId)) === undefined) throw noSuchUser();
    const { orgId, user: orgUser } = await this.readOne(teamId, salesforceUserId);
    try {
      await this.transactions.run(async (tx) => {
        await this.holdOrg(tx, teamId, orgId);
        const before = await this.matches.lock(tx, teamId, userId);
        const match = matchOf(userId, orgUser, 'admin');
        await this.matches.put(tx, teamId, match, this.clock.now());
        if (before?.salesforceUserId !== orgUser.id || before.matchedBy !== 'admin') {
          await this.audit.record(tx, matched(teamId, actor, match));
        }
        if (before?.salesforceUserId === orgUser.id) return;
        const change = { before: before?.salesforceUserId ?? null, after: orgUser.id };
        await this.events.matchChanged(tx, { teamId, userId, ...change });
      });
    } catch (error) {
      if (violatedConstraint(error) !== 'uq_salesforce_user_matches_salesforce_user') throw error;
      const holder = await this.matches.holderOf(teamId, orgUser.id);
      throw new ProductError(
        'conflict',
        `${orgUser.username} is matched with ${holder?.name ?? 'somebody else'}: remove that match first.`,
      );
    }
    return orgUser;
  }

  async remove(teamId: string, userId: string, actor: string): Promise<void> {
    await this.transactions.run(async (tx) => {
      const before = await this.matches.lock(tx, teamId, userId);
      if (!before) throw new ProductError('not_found', 'This user has no match, or is not in your team.');
      await this.matches.remove(tx, teamId, userId);
      await this.audit.record(tx, {
        ...{ teamId, actor, action: 'salesforce.match_removed', target: { type: 'user', id: userId } },
        details: { salesforce_user_id: before.salesforceUserId },
      });
      await this.events.matchChanged(tx, { teamId, userId, before: before.salesforceUserId, after: null });
    });
  }

  /** Who was read from one org is no match in another: the team keeps it until the transaction ends. */
  private async holdOrg(tx: Tx, teamId: string, orgId: string): Promise<void> {
    const rows = await tx.query(
      'SELECT 1 FROM salesforce_connections WHERE team_id = $1 AND org_id = $2 FOR KEY SHARE',
      [teamId, orgId],
    );
    if (rows.length === 0)
      throw new ProductError('conflict', 'The team has switched to another org: read its users again.');
  }

  private async read(teamId: string): Promise<{ orgId: string; users: OrgUser[] }> {
    return forCaller(async () => {
      const client = await this.clients.for(teamId);
      const users: OrgUser[] = [];
      const options = { purpose: 'users', deletedToo: false, timeoutMs: PERSON_WAITS_MS, maxRows: MOST_USERS };
      for await (const page of client.queryAllPages<UserRecord>(`${SELECT_USERS} ORDER BY Id`, options)) {
        users.push(...page.map(orgUserOf));
      }
      return { orgId: client.organizationId, users };
    });
  }

  private async readOne(teamId: string, salesforceUserId: string): Promise<{ orgId: string; user: OrgUser }> {
    if (!isSalesforceId(salesforceUserId) || prefixOf(salesforceUserId) !== '005') throw noOrgUser();
    return forCaller(async () => {
      const client = await this.clients.for(teamId);
      const { records } = await client.page<UserRecord>(
        `${SELECT_USERS} AND Id = ${idLiteral(to18(salesforceUserId))} LIMIT 1`,
        { purpose: 'users', deletedToo: false, timeoutMs: PERSON_WAITS_MS },
      );
      const [record] = records;
      if (!record) throw noOrgUser();
      return { orgId: client.organizationId, user: orgUserOf(record) };
    });
  }
}

function orgUserOf(record: UserRecord): OrgUser {
  return {
    id: to18(record.Id),
    username: record.Username,
    email: record.Email,
    name: record.Name,
    federationId: record.FederationIdentifier,
  };
}

function matchOf(userId: string, orgUser: OrgUser, matchedBy: StoredMatch['matchedBy']): StoredMatch {
  return { userId, salesforceUserId: orgUser.id, salesforceUsername: orgUser.username, matchedBy };
}

function matched(teamId: string, actor: string, match: StoredMatch): AuditedAct {
  const { userId, salesforceUserId, salesforceUsername, matchedBy } = match;
  const details = { salesforce_user_id: salesforceUserId, username: salesforceUsername, matched_by: matchedBy };
  return { teamId, actor, action: 'salesforce.user_matched', target: { type: 'user', id: userId }, details };
}

function noSuchUser(): ProductError {
  return new ProductError('not_found', 'There is no such user in your team.');
}

function noOrgUser(): ProductError {
  const message = 'is no active standard user of the connected org';
  return new ProductError('invalid_input', `salesforce_user_id ${message}.`, [
    { field: 'salesforce_user_id', message },
  ]);
}
