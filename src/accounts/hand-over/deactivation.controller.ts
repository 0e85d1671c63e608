import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Transactions } from '../../platform/database/transactions.js';
import { UuidParam } from '../../platform/http/uuid-param.js';
import { Access, CurrentPrincipal, type Principal } from '../access.js';
import { userNames } from '../names.js';
import { DeactivateUser, DeactivationView, type HandOverView } from './deactivation.dto.js';
import { DeactivationService, type Departure } from './deactivation.service.js';
import type { HandOver } from './hand-over.entity.js';

@ApiTags('team')
@Controller('v1/users/:id/deactivation')
export class DeactivationController {
  constructor(
    private readonly deactivation: DeactivationService,
    private readonly transactions: Transactions,
  ) {}

  /** What a user holds, and how the handing over of it stands: look here before a deactivation, and while it works */
  @Get()
  @Access({ role: 'admin', scope: 'team:read' })
  async read(@CurrentPrincipal() { teamId }: Principal, @Param('id', UuidParam) id: string): Promise<DeactivationView> {
    return this.view(teamId, await this.deactivation.look(teamId, id));
  }

  /** Ends a user's work here at once; with `hand_over_to`, their open tasks, people, groups and templates go to that user in the background.
   * Also for somebody who is inactive already and still holds some. The last active admin stays */
  @Post()
  @HttpCode(202)
  @Access({ role: 'admin', scope: 'team:write' })
  async deactivate(
    @CurrentPrincipal() { teamId, actor }: Principal,
    @Param('id', UuidParam) id: string,
    @Body() body: DeactivateUser,
  ): Promise<DeactivationView> {
    const heir = body.hand_over_to?.toLowerCase();
    return this.view(teamId, await this.deactivation.deactivate(teamId, id, heir, actor));
  }

  private async view(teamId: string, { user, holds, handOver }: Departure): Promise<DeactivationView> {
    const names = await userNames(this.transactions, teamId, [handOver?.toUserId ?? null]);
    return {
      user_id: user.id,
      active: user.active,
      holds: [...holds].map(([kind, held]) => ({
        ...{ kind, held },
        ...{ moved: handOver?.moved[kind] ?? 0, kept: handOver?.kept[kind] ?? 0 },
      })),
      hand_over: handOver ? viewOf(handOver, names.get(handOver.toUserId) ?? '') : null,
    };
  }
}

function viewOf(row: HandOver, heir: string): HandOverView {
  const ended = row.stoppedBecause === null ? 'done' : 'stopped';
  return {
    state: row.finishedAt === null ? 'running' : ended,
    to: { id: row.toUserId, name: heir },
    begun_at: row.createdAt,
    finished_at: row.finishedAt,
    kept_because: row.keptBecause,
    stopped_because: row.stoppedBecause,
  };
}
