export interface SalesforceOrgOptions {
  databaseUrl: string;
  /** 0, the default, takes a free one. */
  port?: number;
  /** Loopback by default; there is no reason to open a stand-in to a network. */
  host?: string;
  now?: () => Date;
  /** Rows a query page holds when the client asks for nothing else. */
  pageSize?: number;
  /** API calls in 24 hours before REQUEST_LIMIT_EXCEEDED. */
  dailyLimit?: number;
  clientId?: string;
  clientSecret?: string;
  /** Redirect URIs besides those on loopback, which are all allowed. */
  redirectUris?: string[];
  /** Refuse an authorization without a code challenge, as External Client Apps can. */
  requirePkce?: boolean;
}

export type OrgOptions = Required<SalesforceOrgOptions>;

export const DEFAULT_CLIENT_ID = '3MVG9.sandbox.CommandCenter.client';
export const DEFAULT_CLIENT_SECRET = 'sandbox-client-secret';

export function withDefaults(options: SalesforceOrgOptions): OrgOptions {
  return {
    port: 0,
    host: '127.0.0.1',
    now: () => new Date(),
    pageSize: 2000,
    dailyLimit: 100_000,
    clientId: DEFAULT_CLIENT_ID,
    clientSecret: DEFAULT_CLIENT_SECRET,
    redirectUris: [],
    requirePkce: false,
    ...options,
  };
}
