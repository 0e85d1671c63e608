import { Injectable } from '@nestjs/common';
import { Config } from '../../config/config.js';
import type { HostPolicy } from './smtp-host.js';

/** Which mail servers this installation lets channels reach. */
@Injectable()
export class HostPolicySource {
  constructor(private readonly config: Config) {}

  get policy(): HostPolicy {
    const reach = this.config.production ? 'internet' : 'loopback';
    return { reach, internal: this.config.get('CHANNEL_INTERNAL_HOSTS') };
  }
}
