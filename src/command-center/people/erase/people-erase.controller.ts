import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentPrincipal, type Principal } from '../../../accounts/access.js';
import { UuidParam } from '../../../platform/http/uuid-param.js';
import { Erasure, ErasePerson } from './people-erase.dto.js';
import { PeopleEraseService } from './people-erase.service.js';

@ApiTags('people')
@Controller('v1/people/:id/erase')
export class PeopleEraseController {
  constructor(private readonly erasures: PeopleEraseService) {}

  /** Erases everything of a person, deleted ones too, for good */
  @Post()
  @HttpCode(200)
  @Access({ role: 'admin', scope: 'people:write' })
  erase(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
    @Body() { confirm }: ErasePerson,
  ): Promise<Erasure> {
    return this.erasures.erase(principal, id, confirm);
  }
}
