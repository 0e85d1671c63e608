import { Global, Module } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { SealedColumns } from './sealed-columns.js';
import { SecretBox } from './secret-box.js';

@Global()
@Module({
  providers: [
    {
      provide: SecretBox,
      inject: [Config],
      useFactory: (config: Config) => new SecretBox(config.get('ENCRYPTION_KEYS')),
    },
    SealedColumns,
  ],
  exports: [SecretBox, SealedColumns],
})
export class SecretsModule {}
