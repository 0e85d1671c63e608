import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentPrincipal, type Principal } from '../../accounts/access.js';
import { Idempotent } from '../../accounts/idempotency/idempotent.js';
import { IfMatch } from '../../platform/http/conditions.js';
import { UuidParam } from '../../platform/http/uuid-param.js';
import { TemplatePreviews } from './template-previews.service.js';
import {
  CreateTemplate,
  PreviewTemplate,
  TemplateCategories,
  TemplatePreview,
  TemplatesPage,
  TemplatesQuery,
  TemplateView,
  UpdateTemplate,
} from './templates.dto.js';
import { TemplatesService } from './templates.service.js';

@ApiTags('templates')
@Controller('v1/templates')
export class TemplatesController {
  constructor(
    private readonly templates: TemplatesService,
    private readonly previews: TemplatePreviews,
  ) {}

  /** Templates by name: one's own and those shared with the team; admins see all */
  @Get()
  @Access({ role: 'member', scope: 'emails:read' })
  list(@CurrentPrincipal() principal: Principal, @Query() query: TemplatesQuery): Promise<TemplatesPage> {
    return this.templates.list(principal, query);
  }

  /** The categories of the templates that one sees */
  @Get('categories')
  @Access({ role: 'member', scope: 'emails:read' })
  categories(@CurrentPrincipal() principal: Principal): Promise<TemplateCategories> {
    return this.templates.categories(principal);
  }

  /** Shows an email as a person would get it, and what is wrong with its text; nothing is kept or sent */
  @Post('preview')
  @HttpCode(200)
  @Access({ role: 'member', scope: 'emails:read' })
  preview(@CurrentPrincipal() principal: Principal, @Body() body: PreviewTemplate): Promise<TemplatePreview> {
    return this.previews.preview(principal, body);
  }

  /** One template, as it was written */
  @Get(':id')
  @Access({ role: 'member', scope: 'emails:read' })
  get(@CurrentPrincipal() principal: Principal, @Param('id', UuidParam) id: string): Promise<TemplateView> {
    return this.templates.get(principal, id);
  }

  /** Makes a template, owned by the caller; texts with mistakes in them are refused */
  @Post()
  @Idempotent()
  @Access({ role: 'member', scope: 'emails:write' })
  create(@CurrentPrincipal() principal: Principal, @Body() body: CreateTemplate): Promise<TemplateView> {
    return this.templates.create(principal, body);
  }

  /** Makes a copy of one's own, not shared and not locked */
  @Post(':id/duplicate')
  @Idempotent()
  @Access({ role: 'member', scope: 'emails:write' })
  duplicate(@CurrentPrincipal() principal: Principal, @Param('id', UuidParam) id: string): Promise<TemplateView> {
    return this.templates.duplicate(principal, id);
  }

  /** Changes a template of one's own; admins change, lock and unlock any */
  @Patch(':id')
  @Access({ role: 'member', scope: 'emails:write' })
  update(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
    @IfMatch() ifMatch: string | undefined,
    @Body() body: UpdateTemplate,
  ): Promise<TemplateView> {
    return this.templates.update(principal, id, ifMatch, body);
  }

  /** Deletes a template of one's own (admins: any); what was sent from it stays */
  @Delete(':id')
  @HttpCode(204)
  @Access({ role: 'member', scope: 'emails:write' })
  delete(@CurrentPrincipal() principal: Principal, @Param('id', UuidParam) id: string): Promise<void> {
    return this.templates.delete(principal, id);
  }

  /** Marks a template as the caller's favourite */
  @Put(':id/favourite')
  @HttpCode(204)
  @Access({ role: 'member', scope: 'emails:write' })
  favour(@CurrentPrincipal() principal: Principal, @Param('id', UuidParam) id: string): Promise<void> {
    return this.templates.favour(principal, id);
  }

  /** Takes that mark away */
  @Delete(':id/favourite')
  @HttpCode(204)
  @Access({ role: 'member', scope: 'emails:write' })
  unfavour(@CurrentPrincipal() principal: Principal, @Param('id', UuidParam) id: string): Promise<void> {
    return this.templates.unfavour(principal, id);
  }
}
