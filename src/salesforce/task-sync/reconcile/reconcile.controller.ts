import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentPrincipal, type Principal } from '../../../accounts/access.js';
import { Idempotent } from '../../../accounts/idempotency/idempotent.js';
import { RunDto } from '../task-sync.dto.js';
import { runView } from '../task-sync-view.js';
import { ReconcileService } from './reconcile.service.js';

@ApiTags('Task sync')
@Controller('v1/salesforce/task-sync/reconcile')
export class ReconcileController {
  constructor(private readonly reconcile: ReconcileService) {}

  /**
   * Compares all synced tasks on both sides, repairs what differs and reports it in the run's counts. One at a time: if
   * one is running, that is answered.
   */
  @Post()
  @Idempotent()
  @HttpCode(202)
  @Access({ role: 'admin', scope: 'salesforce:write' })
  async start(@CurrentPrincipal() principal: Principal): Promise<RunDto> {
    return runView(await this.reconcile.start(principal.teamId, principal.actor));
  }
}
