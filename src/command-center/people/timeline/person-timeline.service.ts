import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../accounts/access.js';
import { actorNames } from '../../../accounts/names.js';
import { Parameters } from '../../../platform/database/parameters.js';
import { Transactions } from '../../../platform/database/transactions.js';
import { decodeCursor, toPage } from '../../../platform/http/page.js';
import { isPersonOpenTo } from '../person-access.js';
import { PersonGuard } from '../person-guard.js';
import type { TimelineKind, TimelinePage, TimelineQuery } from './person-timeline.dto.js';
import { type TimelineAbout, type TimelineSource, TimelineSources } from './timeline-sources.js';

interface EntryRow {
  kind: TimelineKind;
  id: string;
  what: string;
  at: Date;
  /** In microseconds, as the column has it: a position rounded to milliseconds would skip or repeat an entry. */
  exact: string;
  actor: string | null;
  type: string | null;
  text: string | null;
  detail: string | null;
}

/** What happened between the team and a person, of every kind, newest first. */
@Injectable()
export class PersonTimeline {
  constructor(
    private readonly transactions: Transactions,
    private readonly guard: PersonGuard,
    private readonly sources: TimelineSources,
  ) {}

  async page(principal: Principal, personId: string, query: TimelineQuery): Promise<TimelinePage> {
    const { teamId, userId, role, scopes } = principal;
    const { row } = await this.guard.require(this.transactions, principal, personId, ['read', 'edit', 'own']);
    const viewer = { teamId, userId, role };
    const about = { viewer, personId, isOpen: isPersonOpenTo(viewer, row) };
    const position = query.after === undefined ? null : decodeCursor(query.after, 3);
    const rows = await this.rows(this.sources.of(query.kinds, scopes), about, position, query.limit);
    const actors = rows.map(({ actor }) => actor);
    const names = await actorNames(this.transactions, teamId, actors);
    return toPage(
      rows,
      query.limit,
      ({ exact, kind, id }) => [exact, kind, id],
      ({ exact: _, actor, ...entry }) => ({ ...entry, who: { id: actor, name: nameOf(actor, names) } }),
    );
  }

  /** One more than `limit` when there is one. Each source alone is cut first: of a page, few are of one kind. */
  private async rows(
    sources: readonly TimelineSource[],
    about: TimelineAbout,
    after: readonly (string | null)[] | null,
    limit: number,
  ): Promise<EntryRow[]> {
    if (sources.length === 0) return [];
    const parameters = new Parameters();
    const most = parameters.add(limit + 1);
    const [at, kind, id] = (after ?? []).map((value) => parameters.add(value));
    const order = `ORDER BY at DESC, kind DESC, id DESC LIMIT ${most}`;
    const parts = sources.map((source) => {
      const before = after
        ? `WHERE (s.at, '${source.kind}', s.id) < (${at}::timestamptz, ${kind}::text, ${id}::uuid)`
        : '';
      return `(SELECT '${source.kind}' AS kind, s.* FROM (${source.sql(about, parameters)}) s ${before} ${order})`;
    });
    return this.transactions.query<EntryRow>(
      `SELECT *, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS exact
       FROM (${parts.join(' UNION ALL ')}) entries ${order}`,
      parameters.values,
    );
  }
}

function nameOf(actor: string | null, names: ReadonlyMap<string, string>): string {
  if (actor === null) return '';
  return names.get(actor) ?? (actor.startsWith('user:') ? 'A former user' : 'Command Center');
}
