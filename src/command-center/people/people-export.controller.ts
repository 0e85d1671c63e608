import { pipeline } from 'node:stream/promises';
import { Controller, Get, Logger, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Access, CurrentPrincipal, type Principal } from '../../accounts/access.js';
import { PeopleFilterQuery } from './people.dto.js';
import { PeopleExport } from './people-export.js';

@ApiTags('people')
@Controller('v1/people-export')
export class PeopleExportController {
  private readonly logger = new Logger(PeopleExportController.name);

  constructor(private readonly people: PeopleExport) {}

  /** The people whom the caller sees, as a CSV file. A text that a spreadsheet would take for a formula begins with ' */
  @Get()
  @Access({ role: 'member', scope: 'people:read' })
  @ApiOkResponse({ content: { 'text/csv': { schema: { type: 'string' } } } })
  async export(
    @CurrentPrincipal() principal: Principal,
    @Query() query: PeopleFilterQuery,
    @Res() response: Response,
  ): Promise<void> {
    const lines = await this.people.lines(principal, query);
    response.set({
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': 'attachment; filename="people.csv"',
      'Cache-Control': 'no-store',
    });
    // A file that breaks off is cut, never ended as if it were whole.
    await pipeline(lines, response).catch((error: unknown) => {
      this.logger.warn({ err: error }, 'an export broke off');
    });
  }
}
