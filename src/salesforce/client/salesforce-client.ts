import type { CallFor } from '../api-budget/budget.js';
import {
  collectionResults,
  compositeBody,
  compositeResults,
  failed,
  type PlannedCall,
  planWrites,
} from './composite.js';
import { DescribeCache } from './describe-cache.js';
import { SalesforceError } from './errors.js';
import { to18 } from './ids.js';
import { followPages, type QueryAnswer, queryPath } from './queries.js';
import type { CallCounter, SalesforceCaller } from './salesforce-caller.js';
import { nameLiteral } from './soql.js';
import type {
  ApiUsage,
  CallGuard,
  CallOptions,
  DescribeResult,
  Page,
  UserInfo,
  WriteRequest,
  WriteResult,
} from './types.js';
import { JWT_TOKEN_REFUSED, refuseJwtToken, undeleteEnvelope, undeleteResults } from './undelete.js';

export type { CallGuard, CallOptions, DescribeResult, Page, UserInfo, WriteRequest, WriteResult } from './types.js';

interface ListViewsAnswer {
  listviews: { id: string; label: string }[];
  nextRecordsUrl?: string | null;
}

const ROWS_IN_A_PAGE = 2_000;
const IDS_IN_A_RETRIEVE = 2_000;
const IDS_IN_AN_UNDELETE = 200;

/** One connected org, as the integration user sees it. Everything that fails throws a SalesforceError. */
export class SalesforceClient {
  constructor(
    readonly organizationId: string,
    readonly integrationUserId: string,
    private readonly caller: SalesforceCaller,
    private readonly describes = new DescribeCache(),
  ) {}

  /** HTTP requests made through this client (and those guarded from it), retries included. */
  get calls(): Pick<CallCounter, 'total' | 'byPurpose'> {
    return this.caller.calls;
  }

  /** The same client with `guard` awaited before each HTTP request, and with a count and a budget of its own. */
  guardedBy(guard: CallGuard, callsFor: CallFor = 'person'): SalesforceClient {
    return new SalesforceClient(
      this.organizationId,
      this.integrationUserId,
      this.caller.guardedBy(guard, callsFor),
      this.describes,
    );
  }

  /**
   * One page: the SOQL carries its own order and LIMIT of at most 2,000. Salesforce may cut wide rows into smaller
   * pieces, which are fetched too: what comes back is all that the query found.
   */
  async page<Row>(soql: string, options: CallOptions & { deletedToo: boolean }): Promise<Page<Row>> {
    const first = await this.caller.call<QueryAnswer<Row>>(
      { method: 'GET', path: queryPath(soql, options.deletedToo), effect: 'read' },
      options,
    );
    const records: Row[] = [];
    for await (const rows of followPages(first.body, ROWS_IN_A_PAGE, (path) => this.next<Row>(path, options))) {
      records.push(...rows);
    }
    return { records, orgTime: first.orgTime ?? this.caller.options.now(), skewMs: first.skewMs };
  }

  /** All rows, page by page. Throws as soon as it knows that there are more than `maxRows`. */
  async *queryAllPages<Row>(
    soql: string,
    options: CallOptions & { deletedToo: boolean; maxRows: number },
  ): AsyncGenerator<Row[]> {
    const first = await this.caller.call<QueryAnswer<Row>>(
      { method: 'GET', path: queryPath(soql, options.deletedToo), effect: 'read' },
      options,
    );
    yield* followPages(first.body, options.maxRows, (path) => this.next<Row>(path, options));
  }

  /** Of a `SELECT COUNT() …`. */
  async count(soql: string, options: CallOptions & { deletedToo: boolean }): Promise<number> {
    const { body } = await this.caller.call<QueryAnswer<unknown>>(
      { method: 'GET', path: queryPath(soql, options.deletedToo), effect: 'read' },
      options,
    );
    if (Number.isSafeInteger(body?.totalSize) && body.records?.length === 0) return body.totalSize;
    throw unreadable('The answer to a count is none.');
  }

  /** Rows by id, in the order asked; null where there is none or none visible. Deleted ones are null too. */
  async retrieve<Row>(
    object: string,
    ids: readonly string[],
    fields: readonly string[],
    options: CallOptions = {},
  ): Promise<(Row | null)[]> {
    const wanted = [...new Set(ids.map(to18))];
    const names = [...new Set(['Id', ...fields])];
    const found = new Map<string, Row | null>();
    for (let at = 0; at < wanted.length; at += IDS_IN_A_RETRIEVE) {
      const chunk = wanted.slice(at, at + IDS_IN_A_RETRIEVE);
      const { body } = await this.caller.call<(({ Id: string } & Row) | null)[]>(
        {
          method: 'POST',
          path: `/composite/sobjects/${nameLiteral(object)}`,
          body: { ids: chunk, fields: names },
          effect: 'read',
        },
        options,
      );
      if (!Array.isArray(body) || body.length !== chunk.length) {
        throw unreadable('The answer has not one entry for each id.');
      }
      body.forEach((row, i) => {
        const id = chunk[i] ?? '';
        if (row && to18(row.Id) !== id) throw unreadable('The rows do not come in the order asked.');
        found.set(id, row);
      });
    }
    return ids.map((id) => found.get(to18(id)) ?? null);
  }

  /**
   * Up to 1,000 records in one call (see planWrites for the exception), a result for each in the order given. Never
   * sent twice. Throws when the call as a whole failed: `doubtful` says whether it may have happened all the same.
   */
  async write(requests: readonly WriteRequest[], options: CallOptions = {}): Promise<WriteResult[]> {
    const results: WriteResult[] = [];
    for (const [nth, call] of planWrites(requests).entries()) {
      const parts = await this.send(call, options).catch((error: unknown) => {
        // What an earlier call answered must not be lost.
        if (nth === 0 || !(error instanceof SalesforceError)) throw error;
        return call.map((collection) => failed(collection, error));
      });
      call.forEach((collection, part) => {
        collection.places.forEach((place, i) => {
          results[place] = parts[part]?.[i] ?? { ok: false, error: unreadable('A result is missing.') };
        });
      });
    }
    return results;
  }

  /** Takes records out of the recycle bin, with their ids. 200 a call. */
  async undelete(ids: readonly string[], options: CallOptions = {}): Promise<WriteResult[]> {
    const results: WriteResult[] = [];
    for (let at = 0; at < ids.length; at += IDS_IN_AN_UNDELETE) {
      results.push(...(await this.undeleteChunk(ids.slice(at, at + IDS_IN_AN_UNDELETE), options)));
    }
    return results;
  }

  private async undeleteChunk(ids: readonly string[], options: CallOptions): Promise<WriteResult[]> {
    const { version } = this.caller.options;
    try {
      const { body } = await this.caller.call<unknown>(
        {
          method: 'POST',
          path: `/services/Soap/u/${version}`,
          headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: '""' },
          text: ({ accessToken }) => {
            refuseJwtToken(accessToken, version);
            return undeleteEnvelope(ids, accessToken);
          },
          effect: 'write',
        },
        options,
      );
      return undeleteResults(ids, body);
    } catch (error) {
      // About these records, not about the connection.
      if (!(error instanceof SalesforceError) || error.code !== JWT_TOKEN_REFUSED) throw error;
      return ids.map(() => ({ ok: false, error }));
    }
  }

  /** Those that the integration user sees. */
  async listViews(object: string, options: CallOptions = {}): Promise<{ id: string; label: string }[]> {
    const views: { id: string; label: string }[] = [];
    for (let path: string | null = `/sobjects/${nameLiteral(object)}/listviews`; path !== null;) {
      const { body }: { body: ListViewsAnswer } = await this.caller.call<ListViewsAnswer>(
        { method: 'GET', path, effect: 'read' },
        options,
      );
      if (!Array.isArray(body?.listviews)) throw unreadable('The answer has no list views.');
      views.push(...body.listviews.map(({ id, label }) => ({ id: to18(id), label })));
      path = body.nextRecordsUrl ?? null;
    }
    return views;
  }

  /** The query of a list view, in SOQL. */
  async listViewQuery(object: string, id: string, options: CallOptions = {}): Promise<string> {
    const path = `/sobjects/${nameLiteral(object)}/listviews/${to18(id)}/describe`;
    const { body } = await this.caller.call<{ query?: unknown }>({ method: 'GET', path, effect: 'read' }, options);
    if (typeof body?.query !== 'string') throw unreadable('The list view has no query.');
    return body.query;
  }

  /** From our own cache, which a new session leaves alone. */
  describe(object: string, options: CallOptions = {}): Promise<DescribeResult> {
    return this.describes.get(object, this.caller.options.now(), async () => {
      const path = `/sobjects/${nameLiteral(object)}/describe`;
      const { body } = await this.caller.call<DescribeResult>({ method: 'GET', path, effect: 'read' }, options);
      if (!Array.isArray(body?.fields)) throw unreadable('The answer to a describe has no fields.');
      return body;
    });
  }

  /** The next describe asks the org again. Without an object: all of them. */
  forgetDescribe(object?: string): void {
    this.describes.forget(object);
  }

  async limits(options: CallOptions = {}): Promise<ApiUsage> {
    const { body } = await this.caller.call<{ DailyApiRequests?: { Max: number; Remaining: number } }>(
      { method: 'GET', path: '/limits', effect: 'read' },
      options,
    );
    const daily = body?.DailyApiRequests;
    if (!daily) throw unreadable('The answer to limits has no DailyApiRequests.');
    return { used: daily.Max - daily.Remaining, limit: daily.Max };
  }

  async userInfo(options: CallOptions = {}): Promise<UserInfo> {
    const { body } = await this.caller.call<Record<string, string>>(
      { method: 'GET', path: '/services/oauth2/userinfo', effect: 'read' },
      options,
    );
    return userInfoOf(body);
  }

  private async send(call: PlannedCall, options: CallOptions): Promise<WriteResult[][]> {
    const [only, ...others] = call;
    if (only && others.length === 0) {
      const { method, path, body } = only;
      const answer = await this.caller.call<unknown>({ method, path, body, effect: 'write' }, options);
      return [collectionResults(only, answer.body)];
    }
    const body = compositeBody(call, this.caller.options.version);
    const answer = await this.caller.call<unknown>(
      { method: 'POST', path: '/composite', body, effect: 'write' },
      options,
    );
    return compositeResults(call, answer.body);
  }

  private async next<Row>(path: string, options: CallOptions): Promise<QueryAnswer<Row>> {
    return (await this.caller.call<QueryAnswer<Row>>({ method: 'GET', path, effect: 'read' }, options)).body;
  }
}

export function userInfoOf(body: Record<string, unknown> | null | undefined): UserInfo {
  const text = (name: string): string => {
    const value = body?.[name];
    return typeof value === 'string' ? value : '';
  };
  const [organizationId, userId] = [text('organization_id'), text('user_id')];
  if (!organizationId || !userId) throw unreadable('The answer to userinfo names no user.');
  return {
    organizationId: to18(organizationId),
    userId: to18(userId),
    username: text('preferred_username'),
    email: text('email'),
    name: text('name'),
  };
}

function unreadable(message: string): SalesforceError {
  return new SalesforceError({ code: 'UNREADABLE_ANSWER', message, kind: 'retry' });
}
