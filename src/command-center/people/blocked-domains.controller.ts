import { Controller, Delete, Get, HttpCode, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentPrincipal, type Principal } from '../../accounts/access.js';
import { BlockedDomainsService } from './blocked-domains.service.js';
import { BlockedDomainList, BlockedDomainView } from './unsubscribes.dto.js';

@ApiTags('people')
@Controller('v1/blocked-domains')
export class BlockedDomainsController {
  constructor(private readonly domains: BlockedDomainsService) {}

  /** Domains that the team sends nothing to */
  @Get()
  @Access({ role: 'member', scope: 'people:read' })
  list(@CurrentPrincipal() principal: Principal): Promise<BlockedDomainList> {
    return this.domains.list(principal);
  }

  /** Blocks a domain and those below it: from now on nothing is sent there */
  @Put(':domain')
  @Access({ role: 'admin', scope: 'people:write' })
  block(@CurrentPrincipal() principal: Principal, @Param('domain') domain: string): Promise<BlockedDomainView> {
    return this.domains.block(principal, domain);
  }

  /** Lets emails go there again */
  @Delete(':domain')
  @HttpCode(204)
  @Access({ role: 'admin', scope: 'people:write' })
  unblock(@CurrentPrincipal() principal: Principal, @Param('domain') domain: string): Promise<void> {
    return this.domains.unblock(principal, domain);
  }
}
