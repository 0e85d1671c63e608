import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SetAsideRow } from './set-aside-row.entity.js';
import { SetAside } from './set-aside.js';

@Global()
@Module({ imports: [TypeOrmModule.forFeature([SetAsideRow])], providers: [SetAside], exports: [SetAside] })
export class SetAsideModule {}
