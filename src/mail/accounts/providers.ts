import type { MailProvider } from '../../command-center/senders/channel-grant.entity.js';
import type { ChannelSecurity } from '../../command-center/senders/delivery-channel.entity.js';
import type { Config } from '../../config/config.js';

/** Where a provider's people say yes, where its tokens come from, and by which server its mailboxes send. */
export interface ProviderFacts {
  label: string;
  clientId: string;
  clientSecret: string;
  authorizeUrl: string;
  tokenUrl: string;
  scope: string;
  /** The one of them without which nothing can be sent. */
  mailScope: string;
  /** What else it wants to be asked, to give a refresh token. */
  more: Readonly<Record<string, string>>;
  host: string;
  port: number;
  security: ChannelSecurity;
  /** What it allows a mailbox, so that it never locks the account. */
  limits: { connections: number; perMinute: number | null; perDay: number };
}

export const PROVIDER_LABELS: Readonly<Record<MailProvider, string>> = { google: 'Gmail', microsoft: 'Microsoft 365' };

/** The providers as they are; outside production, as the sandbox plays them. */
export function providerFacts(provider: MailProvider, config: Config): ProviderFacts {
  const facts = provider === 'google' ? google(config) : microsoft(config);
  const sandbox = config.production ? '' : config.get('MAIL_PROVIDER_SANDBOX');
  return sandbox === '' ? facts : inSandbox(provider, facts, sandbox);
}

/** https://developers.google.com/identity/protocols/oauth2/web-server, https://developers.google.com/gmail/imap/xoauth2-protocol */
function google(config: Config): ProviderFacts {
  return {
    ...{ label: PROVIDER_LABELS.google, clientId: config.get('GOOGLE_CLIENT_ID') },
    clientSecret: config.get('GOOGLE_CLIENT_SECRET'),
    authorizeUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
    tokenUrl: 'https://oauth2.googleapis.com/token',
    ...{ scope: 'openid email https://mail.google.com/', mailScope: 'https://mail.google.com/' },
    more: { access_type: 'offline', prompt: 'consent' },
    ...{ host: 'smtp.gmail.com', port: 465, security: 'tls' },
    limits: { connections: 5, perMinute: null, perDay: 2_000 },
  };
}

/** https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth */
function microsoft(config: Config): ProviderFacts {
  const base = `https://login.microsoftonline.com/${encodeURIComponent(config.get('MICROSOFT_TENANT'))}/oauth2/v2.0`;
  return {
    ...{ label: PROVIDER_LABELS.microsoft, clientId: config.get('MICROSOFT_CLIENT_ID') },
    clientSecret: config.get('MICROSOFT_CLIENT_SECRET'),
    authorizeUrl: `${base}/authorize`,
    tokenUrl: `${base}/token`,
    ...{ scope: 'openid email offline_access https://outlook.office.com/SMTP.Send', mailScope: 'SMTP.Send' },
    more: { prompt: 'select_account' },
    ...{ host: 'smtp.office365.com', port: 587, security: 'starttls' },
    // A fourth connection meets 432 4.3.2: https://learn.microsoft.com/exchange/troubleshoot/send-emails/smtp-submission-improvements
    limits: { connections: 3, perMinute: 30, perDay: 10_000 },
  };
}

/** `http://host:port,smtp-host:port` */
function inSandbox(provider: MailProvider, facts: ProviderFacts, sandbox: string): ProviderFacts {
  const [base = '', smtp = ''] = sandbox.split(',');
  const { hostname: host, port } = new URL(`smtp://${smtp}`);
  return {
    ...{ ...facts, clientId: `sandbox-${provider}`, clientSecret: 'sandbox' },
    authorizeUrl: `${base}/oauth/${provider}/authorize`,
    tokenUrl: `${base}/oauth/${provider}/token`,
    ...{ host, port: Number(port), security: 'none' },
  };
}
