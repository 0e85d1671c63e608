import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Config } from '../../config/config.js';
import { dataSourceOptions } from './data-source-options.js';
import { Transactions } from './transactions.js';

@Global()
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [Config],
      // One attempt: who starts this process learns at once that Postgres is not there, and decides.
      useFactory: (config: Config) => ({
        ...dataSourceOptions(config.get('DATABASE_URL'), config.get('DATABASE_POOL')),
        retryAttempts: 1,
      }),
    }),
  ],
  providers: [Transactions],
  exports: [Transactions],
})
export class DatabaseModule {}
