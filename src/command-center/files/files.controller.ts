import { Controller, HttpCode, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { Access, CurrentPrincipal, type Principal } from '../../accounts/access.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { FileView, UploadFileQuery } from './files.dto.js';
import { FilesService } from './files.service.js';

@ApiTags('emails')
@Controller('v1/files')
export class FilesController {
  constructor(private readonly files: FilesService) {}

  /** Uploads a file of at most 20 MB, to attach it to emails and templates. One that nothing names is removed after a day */
  @Post()
  @HttpCode(200)
  @ApiConsumes('application/octet-stream')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @Access({ role: 'member', scope: 'emails:write' })
  upload(
    @CurrentPrincipal() principal: Principal,
    @Req() request: Request,
    @Query() { name }: UploadFileQuery,
  ): Promise<FileView> {
    if (!request.is('application/octet-stream')) throw new ProductError('unsupported_media_type');
    return this.files.upload(principal, request, name, Number(request.headers['content-length'] ?? 0));
  }
}
