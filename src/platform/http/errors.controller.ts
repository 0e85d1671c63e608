import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type ErrorCode, errorCatalogue } from '../errors/error-catalogue.js';
import { ProductError } from '../errors/product-error.js';
import { CatalogueEntry } from './errors.dto.js';
import { Public } from './public.js';

/** What the `type` of a problem leads to. */
@ApiTags('errors')
@Controller('errors')
@Public()
export class ErrorsController {
  /** Every failure that this API answers, with what to do about it */
  @Get()
  list(): CatalogueEntry[] {
    return (Object.keys(errorCatalogue) as ErrorCode[]).map(entryOf);
  }

  /** One failure, by its code */
  @Get(':code')
  get(@Param('code') code: string): CatalogueEntry {
    if (!Object.hasOwn(errorCatalogue, code)) throw new ProductError('not_found');
    return entryOf(code as ErrorCode);
  }
}

function entryOf(code: ErrorCode): CatalogueEntry {
  return { code, ...errorCatalogue[code] };
}
