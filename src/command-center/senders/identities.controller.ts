import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentPrincipal, type Principal } from '../../accounts/access.js';
import { Idempotent } from '../../accounts/idempotency/idempotent.js';
import { IfMatch } from '../../platform/http/conditions.js';
import { UuidParam } from '../../platform/http/uuid-param.js';
import { ConfirmIdentity, CreateIdentity, IdentityList, IdentityView, UpdateIdentity } from './identities.dto.js';
import { IdentitiesService } from './identities.service.js';

@ApiTags('identities')
@Controller('v1/identities')
export class IdentitiesController {
  constructor(private readonly identities: IdentitiesService) {}

  /** The addresses that the caller writes as */
  @Get()
  @Access({ role: 'member', scope: 'emails:read' })
  list(@CurrentPrincipal() principal: Principal): Promise<IdentityList> {
    return this.identities.list(principal);
  }

  /** Adds an address. Nothing is sent from it before it is confirmed */
  @Post()
  @Idempotent()
  @Access({ role: 'member', scope: 'emails:write' })
  create(@CurrentPrincipal() principal: Principal, @Body() body: CreateIdentity): Promise<IdentityView> {
    return this.identities.create(principal, body);
  }

  /** One address of the caller */
  @Get(':id')
  @Access({ role: 'member', scope: 'emails:read' })
  get(@CurrentPrincipal() principal: Principal, @Param('id', UuidParam) id: string): Promise<IdentityView> {
    return this.identities.get(principal, id);
  }

  /** Changes an address of the caller */
  @Patch(':id')
  @Access({ role: 'member', scope: 'emails:write' })
  update(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
    @IfMatch() ifMatch: string | undefined,
    @Body() body: UpdateIdentity,
  ): Promise<IdentityView> {
    return this.identities.update(principal, id, ifMatch, body);
  }

  /** Confirms an address with the code that was mailed to it */
  @Post(':id/confirm')
  @HttpCode(200)
  @Access({ role: 'member', scope: 'emails:write' })
  confirm(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
    @Body() { code }: ConfirmIdentity,
  ): Promise<IdentityView> {
    return this.identities.confirm(principal, id, code);
  }

  /** Removes an address; the default one only when it is the last */
  @Delete(':id')
  @HttpCode(204)
  @Access({ role: 'member', scope: 'emails:write' })
  remove(@CurrentPrincipal() principal: Principal, @Param('id', UuidParam) id: string): Promise<void> {
    return this.identities.remove(principal, id);
  }
}
