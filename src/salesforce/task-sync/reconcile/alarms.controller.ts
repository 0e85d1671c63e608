import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentPrincipal, type Principal } from '../../../accounts/access.js';
import { ProductError } from '../../../platform/errors/product-error.js';
import { UuidParam } from '../../../platform/http/uuid-param.js';
import { idPage } from '../task-sync-view.js';
import { AsksSalesforce } from '../../client/asks-salesforce.js';
import { AlarmService } from './alarm.service.js';
import { AlarmDto, AlarmPageDto, AlarmsQuery, ConfirmAlarmDto } from './alarms.dto.js';
import { type Alarm, Alarms } from './alarms.repository.js';
import { alarmView } from './alarms-view.js';

const EXAMPLES = 5;

@ApiTags('Task sync')
@Controller('v1/salesforce/task-sync/alarms')
export class AlarmsController {
  constructor(
    private readonly alarms: Alarms,
    private readonly service: AlarmService,
  ) {}

  /** Records that vanished in improbable numbers, newest first. Nothing is deleted until you say so. */
  @Get()
  @Access({ role: 'admin', scope: 'salesforce:read' })
  async list(@CurrentPrincipal() principal: Principal, @Query() query: AlarmsQuery): Promise<AlarmPageDto> {
    const rows = await this.alarms.list(principal.teamId, query.state, query.after, query.limit + 1);
    const { data, next } = idPage(rows, query.limit, (alarm) => alarm);
    return { data: await this.views(principal.teamId, data), next };
  }

  /** These were deleted for good in Salesforce: exactly these tasks are deleted here too, as by any deletion there. */
  @Post(':id/confirm')
  @HttpCode(200)
  @Access({ role: 'admin', scope: 'salesforce:write' })
  @AsksSalesforce()
  async confirm(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
    @Body() body: ConfirmAlarmDto,
  ): Promise<AlarmDto> {
    await this.service.confirm(principal.teamId, id, principal.actor, body.absent);
    return this.view(principal.teamId, id);
  }

  /** Looks for them again at once. Nothing is deleted; if they are still missing, the alarm opens again. */
  @Post(':id/dismiss')
  @HttpCode(200)
  @Access({ role: 'admin', scope: 'salesforce:write' })
  async dismiss(@CurrentPrincipal() principal: Principal, @Param('id', UuidParam) id: string): Promise<AlarmDto> {
    await this.service.dismiss(principal.teamId, id, principal.actor);
    return this.view(principal.teamId, id);
  }

  private async view(teamId: string, id: string): Promise<AlarmDto> {
    const alarm = await this.alarms.find(teamId, id);
    const [view] = alarm ? await this.views(teamId, [alarm]) : [];
    if (!view) throw new ProductError('not_found', 'There is no alarm of that id.');
    return view;
  }

  private async views(teamId: string, alarms: readonly Alarm[]): Promise<AlarmDto[]> {
    const ids = alarms.map(({ id }) => id);
    const examples = await this.alarms.examples(teamId, ids, EXAMPLES);
    return alarms.map((alarm) => alarmView(alarm, examples));
  }
}
