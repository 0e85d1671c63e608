import { Body, Controller, Delete, Get, HttpCode, Param, Put } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { Access, CurrentPrincipal, type Principal } from '../../accounts/access.js';
import { ColumnSets, ColumnSetView, ReplaceColumnSet } from './column-sets.dto.js';
import { ColumnSetsService } from './column-sets.service.js';
import { EMAIL_FOLDERS, type EmailFolder } from './email-state.js';
import { FolderParam } from './folder-param.js';

@ApiTags('emails')
@Controller('v1/emails/column-sets')
export class ColumnSetsController {
  constructor(private readonly sets: ColumnSetsService) {}

  /** How one has the list of each folder: its columns, order and size of a page */
  @Get()
  @Access({ role: 'member', scope: 'emails:read' })
  list(@CurrentPrincipal() principal: Principal): Promise<ColumnSets> {
    return this.sets.list(principal);
  }

  /** Keeps how one has the list of a folder */
  @Put(':folder')
  @ApiParam({ name: 'folder', enum: EMAIL_FOLDERS })
  @Access({ role: 'member', scope: 'emails:write' })
  replace(
    @CurrentPrincipal() principal: Principal,
    @Param('folder', FolderParam) folder: EmailFolder,
    @Body() body: ReplaceColumnSet,
  ): Promise<ColumnSetView> {
    return this.sets.replace(principal, folder, body);
  }

  /** Makes the list of a folder what it is for everybody who changed nothing, and answers that */
  @Delete(':folder')
  @HttpCode(200)
  @ApiParam({ name: 'folder', enum: EMAIL_FOLDERS })
  @Access({ role: 'member', scope: 'emails:write' })
  reset(
    @CurrentPrincipal() principal: Principal,
    @Param('folder', FolderParam) folder: EmailFolder,
  ): Promise<ColumnSetView> {
    return this.sets.reset(principal, folder);
  }
}
