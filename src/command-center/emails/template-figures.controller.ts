import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentPrincipal, type Principal } from '../../accounts/access.js';
import { TemplateFiguresList, TemplateFiguresQuery } from './template-figures.dto.js';
import { TemplateFigures } from './template-figures.service.js';

// Not below v1/templates: templates know nothing of emails.
@ApiTags('templates')
@Controller('v1/template-figures')
export class TemplateFiguresController {
  constructor(private readonly figures: TemplateFigures) {}

  /** What became of the emails that were written with each of these templates */
  @Get()
  @Access({ role: 'member', scope: 'emails:read' })
  list(
    @CurrentPrincipal() principal: Principal,
    @Query() { ids = [] }: TemplateFiguresQuery,
  ): Promise<TemplateFiguresList> {
    return this.figures.of(principal, ids);
  }
}
