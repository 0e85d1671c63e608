import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentPrincipal, type Principal } from '../../accounts/access.js';
import { Transactions } from '../../platform/database/transactions.js';
import { SetAside } from '../../platform/set-aside/set-aside.js';
import { OrgSwitchPreview } from './org-switch.dto.js';

type Counts = Omit<OrgSwitchPreview, 'left_before'>;

@ApiTags('salesforce')
@Controller('v1/salesforce/connection/switch')
export class OrgSwitchController {
  constructor(
    private readonly transactions: Transactions,
    private readonly aside: SetAside,
  ) {}

  /** What switching to another Salesforce org sets aside. To do it, connect with `leave_org` */
  @Get()
  @Access({ role: 'admin', scope: 'salesforce:read' })
  async preview(@CurrentPrincipal() { teamId }: Principal): Promise<OrgSwitchPreview> {
    const [counts] = await this.transactions.query<Counts>(
      `SELECT c.org_id, c.org_name, c.is_sandbox,
         (SELECT count(*)::int FROM task_links l WHERE l.team_id = t.id AND l.salesforce_id IS NOT NULL) AS linked_tasks,
         (SELECT count(*)::int FROM task_sync_enrolments e WHERE e.team_id = t.id AND e.state <> 'off') AS reps_syncing,
         (SELECT count(*)::int FROM salesforce_user_matches m WHERE m.team_id = t.id) AS matched_users,
         (SELECT count(*)::int FROM sync_conflicts k WHERE k.team_id = t.id AND k.restored_at IS NULL) AS open_conflicts
       FROM teams t LEFT JOIN salesforce_connections c ON c.team_id = t.id WHERE t.id = $1`,
      [teamId],
    );
    if (!counts) throw new Error('A team without a row called.');
    const left = await this.aside.counts(this.transactions, teamId, 'task_links');
    return { ...counts, left_before: left.map(({ place, rows }) => ({ org_id: place, linked_tasks: rows })) };
  }
}
