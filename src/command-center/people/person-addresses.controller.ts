import { Controller, Delete, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentPrincipal, type Principal } from '../../accounts/access.js';
import { UuidParam } from '../../platform/http/uuid-param.js';
import { EmailParam } from './email-param.js';
import { PersonView } from './people.dto.js';
import { PersonAddressesService } from './person-addresses.service.js';

@ApiTags('people')
@Controller('v1/people/:id/addresses/:email')
export class PersonAddressesController {
  constructor(private readonly addresses: PersonAddressesService) {}

  /** Adds another address of the person: nobody else in the team has it, as the main one or another */
  @Put()
  @Access({ role: 'member', scope: 'people:write' })
  add(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
    @Param('email', EmailParam) email: string,
  ): Promise<PersonView> {
    return this.addresses.add(principal, id, email);
  }

  /** Takes away another address; the main one is changed with the person */
  @Delete()
  @HttpCode(204)
  @Access({ role: 'member', scope: 'people:write' })
  remove(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
    @Param('email', EmailParam) email: string,
  ): Promise<void> {
    return this.addresses.remove(principal, id, email);
  }

  /** Makes another address of the person the main one, which emails go to; the main one until now becomes another */
  @Post('main')
  @HttpCode(200)
  @Access({ role: 'member', scope: 'people:write' })
  makeMain(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
    @Param('email', EmailParam) email: string,
  ): Promise<PersonView> {
    return this.addresses.makeMain(principal, id, email);
  }
}
