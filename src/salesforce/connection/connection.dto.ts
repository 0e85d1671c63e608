import { IsString, Length, MaxLength } from 'class-validator';
import { MayBeLeftOut, Trimmed } from '../../platform/http/validators.js';
import type { ConnectMethod } from './connection.entity.js';

export class StartConnection {
  /** Where to log in: login.salesforce.com when left out, test.salesforce.com for a sandbox, or your My Domain
   * @example "https://acme.my.salesforce.com" */
  @MayBeLeftOut()
  @IsString()
  @MaxLength(300)
  login_url?: string;

  /** To switch to another org: the id of the present one, as the confirmation that the team leaves it. See
   * `GET /v1/salesforce/connection/switch` */
  @MayBeLeftOut()
  @IsString()
  @MaxLength(18)
  leave_org?: string;
}

export class ConnectByKey extends StartConnection {
  /** The integration user's name in Salesforce
   * @example "integration@acme.example" */
  @Trimmed()
  @IsString()
  @Length(1, 80)
  username: string;
}

export class ConnectionStarted {
  /** Open it in a browser and log in as the integration user, within ten minutes */
  authorize_url: string;
}

export class IntegrationUserView {
  /** Salesforce user id */
  id: string;
  username: string;
}

/** The org's API calls in the last 24 hours, by all who use it */
export class ApiUsageView {
  used: number;
  limit: number;
  seen_at: Date;
}

export const CONNECTION_VIEW_STATUSES = ['not_connected', 'connected', 'stopped', 'disconnected'] as const;

export class ConnectionView {
  /** stopped: Salesforce refuses the log-in; nothing is lost, and it goes on once an admin connects again */
  status: (typeof CONNECTION_VIEW_STATUSES)[number];
  /** Why it is stopped and what to do, a sentence */
  reason: string | null;
  /** All sync of the team is paused by an admin */
  paused: boolean;
  org_id: string | null;
  org_name: string | null;
  /** null: not known */
  is_sandbox: boolean | null;
  /** web: an admin logged in; jwt: the key of this installation signs */
  method: ConnectMethod | null;
  /** Whether this installation has a key that can connect without a person */
  key_ready: boolean;
  login_url: string | null;
  instance_url: string | null;
  integration_user: IntegrationUserView | null;
  /** Our user who connected it; null: a key of the team */
  connected_by: string | null;
  connected_at: Date | null;
  api_usage: ApiUsageView | null;
  /** Nothing is called before, because the org's limit is reached */
  quiet_until: Date | null;
  /** When changes were last read from the org */
  last_read_at: Date | null;
}
