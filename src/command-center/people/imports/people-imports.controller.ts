import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { Access, CurrentPrincipal, type Principal } from '../../../accounts/access.js';
import { ProductError } from '../../../platform/errors/product-error.js';
import { UuidParam } from '../../../platform/http/uuid-param.js';
import { ImportRowPage, ImportRowsQuery, PeopleImportView, StartImport, UploadQuery } from './people-imports.dto.js';
import { PeopleImportsService } from './people-imports.service.js';

@ApiTags('people')
@Controller('v1/people-imports')
export class PeopleImportsController {
  constructor(private readonly imports: PeopleImportsService) {}

  /** Uploads a CSV file (UTF-8, headers first; at most 100,000 rows and 50 MB). Nothing is imported before it is started */
  @Post()
  @HttpCode(200)
  @ApiConsumes('text/csv')
  @ApiBody({ schema: { type: 'string' } })
  @Access({ role: 'member', scope: 'people:write' })
  upload(
    @CurrentPrincipal() principal: Principal,
    @Req() request: Request,
    @Query() query: UploadQuery,
  ): Promise<PeopleImportView> {
    if (!request.is('text/csv')) throw new ProductError('unsupported_media_type');
    return this.imports.upload(principal, request, query);
  }

  /** How an import stands */
  @Get(':id')
  @Access({ role: 'member', scope: 'people:read' })
  get(@CurrentPrincipal() principal: Principal, @Param('id', UuidParam) id: string): Promise<PeopleImportView> {
    return this.imports.get(principal, id);
  }

  /** Begins to import in the background, or with `dry_run` to look what would happen */
  @Post(':id/start')
  @HttpCode(202)
  @Access({ role: 'member', scope: 'people:write' })
  start(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
    @Body() body: StartImport,
  ): Promise<PeopleImportView> {
    return this.imports.start(principal, id, body);
  }

  /** What became of each row in the latest run */
  @Get(':id/rows')
  @Access({ role: 'member', scope: 'people:read' })
  rows(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
    @Query() query: ImportRowsQuery,
  ): Promise<ImportRowPage> {
    return this.imports.rows(principal, id, query);
  }

  /** Removes the file and its report, and ends the import where it is; the people stay */
  @Delete(':id')
  @HttpCode(204)
  @Access({ role: 'member', scope: 'people:write' })
  delete(@CurrentPrincipal() principal: Principal, @Param('id', UuidParam) id: string): Promise<void> {
    return this.imports.delete(principal, id);
  }
}
