import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { ErrorsController } from './errors.controller.js';
import { OtherBodies } from './other-bodies.js';
import { ProblemDetailsFilter } from './problem-details.filter.js';
import { createValidationPipe } from './validation.js';
import { VersionTagInterceptor } from './version-tag.interceptor.js';

/** What holds for every route: problem details, validated input, ETags. */
@Global()
@Module({
  controllers: [ErrorsController],
  providers: [
    OtherBodies,
    { provide: APP_FILTER, useClass: ProblemDetailsFilter },
    { provide: APP_PIPE, useFactory: createValidationPipe },
    { provide: APP_INTERCEPTOR, useClass: VersionTagInterceptor },
  ],
  exports: [OtherBodies],
})
export class HttpModule {}
