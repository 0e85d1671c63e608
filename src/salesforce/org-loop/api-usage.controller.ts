import { Body, Controller, Get, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentPrincipal, type Principal } from '../../accounts/access.js';
import { AlsoRefuses } from '../../platform/http/openapi-problems.js';
import { ApiUsageDto, ApiUsageQuery, ChangeApiBudgetDto } from './api-usage.dto.js';
import { ApiUsageService } from './api-usage.service.js';

@ApiTags('salesforce')
@Controller('v1/salesforce')
export class ApiUsageController {
  constructor(private readonly usage: ApiUsageService) {}

  /** How many of the org's API calls are used, what is slowed or parked for it, and what to expect */
  @Get('api-usage')
  @Access({ role: 'admin', scope: 'salesforce:read' })
  @AlsoRefuses({ 409: 'Salesforce is not connected' })
  read(@CurrentPrincipal() { teamId }: Principal, @Query() { hours }: ApiUsageQuery): Promise<ApiUsageDto> {
    return this.usage.read(teamId, hours);
  }

  /** Sets the share of the org's API calls that Command Center may use, and what of it is kept for people's changes */
  @Put('api-budget')
  @Access({ role: 'admin', scope: 'salesforce:write' })
  async set(@CurrentPrincipal() { teamId, actor }: Principal, @Body() body: ChangeApiBudgetDto): Promise<ApiUsageDto> {
    await this.usage.setShares(
      teamId,
      { sharePercent: body.share_percent, reservePercent: body.reserve_percent },
      actor,
    );
    return this.usage.read(teamId, 24);
  }
}
