import { IsBoolean, IsIn } from 'class-validator';
import { MAIL_PROVIDERS, type MailProvider } from '../../command-center/senders/channel-grant.entity.js';
import { MayBeLeftOut } from '../../platform/http/validators.js';

export class ConnectMailAccount {
  /** `google`: Gmail; `microsoft`: Microsoft 365 */
  @IsIn(MAIL_PROVIDERS)
  provider: MailProvider;

  /** The channel is the whole team's, not the caller's own: admins only */
  @MayBeLeftOut()
  @IsBoolean()
  team?: boolean;
}

export class MailAccountStarted {
  /** Where the caller's browser goes next */
  authorize_url: string;
}

export class MailProviderView {
  provider: MailProvider;
  /** @example "Gmail" */
  label: string;
  /** False: whoever runs this installation has not registered it with the provider */
  available: boolean;
}

export class MailProviderList {
  data: MailProviderView[];
}
