import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentPrincipal, type Principal } from '../../accounts/access.js';
import { PeopleImportView } from '../../command-center/people/imports/people-imports.dto.js';
import { AsksSalesforce } from '../client/asks-salesforce.js';
import { ListViewList, ListViewsQuery, PeopleInSalesforce, PeopleInSalesforceCount } from './people-import.dto.js';
import { SalesforcePeopleImports } from './people-import.service.js';

@ApiTags('people')
@Controller('v1/salesforce/people-imports')
export class SalesforcePeopleImportsController {
  constructor(private readonly imports: SalesforcePeopleImports) {}

  /** Begins to read leads and contacts; `GET /v1/people-imports/{id}` shows how far it is. Nobody is imported before that is started */
  @Post()
  @HttpCode(202)
  @Access({ role: 'member', scope: 'people:write' })
  @AsksSalesforce()
  begin(@CurrentPrincipal() principal: Principal, @Body() body: PeopleInSalesforce): Promise<PeopleImportView> {
    return this.imports.begin(principal, body);
  }

  /** How many leads and contacts there are */
  @Post('count')
  @HttpCode(200)
  @Access({ role: 'member', scope: 'people:read' })
  @AsksSalesforce()
  count(@CurrentPrincipal() principal: Principal, @Body() body: PeopleInSalesforce): Promise<PeopleInSalesforceCount> {
    return this.imports.count(principal, body);
  }

  /** The list views of leads or of contacts in Salesforce */
  @Get('list-views')
  @Access({ role: 'member', scope: 'people:read' })
  @AsksSalesforce()
  listViews(@CurrentPrincipal() principal: Principal, @Query() { object }: ListViewsQuery): Promise<ListViewList> {
    return this.imports.listViews(principal, object);
  }
}
