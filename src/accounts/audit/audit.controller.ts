import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Transactions } from '../../platform/database/transactions.js';
import { decodeCursor, toPage } from '../../platform/http/page.js';
import { Access, CurrentPrincipal, type Principal } from '../access.js';
import { actorNames } from '../names.js';
import { AuditPage, type AuditParty, AuditQuery } from './audit.dto.js';

interface Row {
  id: string;
  at: Date;
  actor: string;
  action: string;
  target_type: string | null;
  target_id: string | null;
  details: object;
}

@ApiTags('team')
@Controller('v1/audit')
export class AuditController {
  constructor(private readonly transactions: Transactions) {}

  /** What was done with rights over others, newest first */
  @Get()
  @Access({ role: 'admin', scope: 'team:read' })
  async list(@CurrentPrincipal() { teamId }: Principal, @Query() query: AuditQuery): Promise<AuditPage> {
    const [after = null] = query.after === undefined ? [] : decodeCursor(query.after, 1);
    const rows = await this.transactions.query<Row>(
      `SELECT id, at, actor, action, target_type, target_id, details FROM audit_entries
       WHERE team_id = $1 AND ($2::text IS NULL OR id::text < $2) AND ($3::text IS NULL OR actor = $3)
         AND ($4::text IS NULL OR starts_with(action, $4)) AND ($5::text IS NULL OR target_id = $5)
       ORDER BY id DESC LIMIT $6`,
      [teamId, after, query.actor ?? null, query.action ?? null, query.target ?? null, query.limit + 1],
    );
    const targets = rows.map(targetOf).filter((target) => target !== null);
    const names = await actorNames(this.transactions, teamId, [...rows.map(({ actor }) => actor), ...targets]);
    return toPage(
      rows,
      query.limit,
      (row) => [row.id],
      (row) => {
        const { id, at, action, details } = row;
        const target = targetOf(row);
        return {
          id,
          at,
          actor: party(row.actor, names),
          action,
          target: target === null ? null : party(target, names),
          details,
        };
      },
    );
  }
}

function targetOf({ target_type: type, target_id: id }: Row): string | null {
  return type === null ? null : `${type}:${id ?? ''}`;
}

function party(text: string, names: ReadonlyMap<string, string>): AuditParty {
  const [type = '', id = ''] = text.split(':', 2);
  return { type, id: id === '' ? null : id, name: names.get(text) ?? null };
}
