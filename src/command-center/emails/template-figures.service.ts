import { Injectable } from '@nestjs/common';
import type { Principal } from '../../accounts/access.js';
import { Transactions } from '../../platform/database/transactions.js';
import { TemplatesService } from '../templates/templates.service.js';
import { figuresOf, type FiguresRow } from './template-figures.js';
import type { TemplateFiguresList } from './template-figures.dto.js';

// An email that was deleted after it was sent stays counted. One that is sent again after it came back was not sent
// since: what it waits for is later than when it left.
const DELIVERED = `(e.state IN ('delivered', 'archived')
  OR (e.state = 'deleted' AND e.reason IS NULL AND e.sent_at >= e.send_at))`;
const gone = (state: 'bounced' | 'spam') => `(e.state = '${state}' OR (e.state = 'deleted' AND e.reason = '${state}'))`;

// $1: the team, $2: ids of templates, $3: the caller, or null. Reads one index, and nothing of other templates.
const FIGURES_SQL = `
  SELECT e.template_id AS "templateId", coalesce(e.user_id = $3::uuid, false) AS "isMine",
    count(*) FILTER (WHERE ${DELIVERED})::int AS delivered,
    count(*) FILTER (WHERE ${gone('bounced')})::int AS bounced,
    count(*) FILTER (WHERE ${gone('spam')})::int AS spam,
    count(*) FILTER (WHERE e.state IN ('failed', 'uncertain'))::int AS failed,
    count(*) FILTER (WHERE ${DELIVERED} AND e.success_at IS NOT NULL)::int AS success
  FROM emails e WHERE e.team_id = $1 AND e.template_id = ANY($2::uuid[])
  GROUP BY 1, 2`;

/** What became of what was written with templates. */
@Injectable()
export class TemplateFigures {
  constructor(
    private readonly transactions: Transactions,
    private readonly templates: TemplatesService,
  ) {}

  async of(principal: Principal, wanted: readonly string[]): Promise<TemplateFiguresList> {
    const { teamId, userId } = principal;
    const visible = await this.templates.visibleAmong(principal, wanted);
    const ids = [...new Set(wanted)].filter((id) => visible.has(id));
    const rows = await this.transactions.query<FiguresRow>(FIGURES_SQL, [teamId, ids, userId]);
    return { data: ids.map((id) => figuresOf(id, rows, userId)) };
  }
}
