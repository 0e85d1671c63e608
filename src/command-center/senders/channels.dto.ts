import { IsBoolean, IsIn, IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';
import { LowerCased, MayBeLeftOut, Trimmed } from '../../platform/http/validators.js';
import { ChannelLimitsInput } from './channel-limits.dto.js';
import type { MailProvider } from './channel-grant.entity.js';
import { CHANNEL_SECURITIES, type ChannelSecurity } from './delivery-channel.entity.js';
import type { PaceReason } from './delivery-channel-pace.entity.js';

const HOST =
  /^(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$|^[0-9a-f:]{2,45}$/;
const DOMAIN = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/;

export class CreateChannel extends ChannelLimitsInput {
  /** @example "Our mail server" */
  @Trimmed()
  @IsString()
  @Length(1, 100)
  name: string;

  /** @example "smtp.example.com" */
  @LowerCased()
  @Matches(HOST, { message: 'must be the name or address of a mail server, without port' })
  host: string;

  /** @example 587 */
  @IsInt()
  @Min(1)
  @Max(65_535)
  port: number;

  /** `tls`: from the first byte (465); `starttls`: before the log-in, or nothing is sent (587); `none`: unprotected */
  @IsIn(CHANNEL_SECURITIES)
  security: ChannelSecurity;

  /** Null or left out: the server wants no log-in */
  @IsOptional()
  @IsString()
  @Length(1, 320)
  username?: string | null;

  /** Kept encrypted, never shown */
  @IsOptional()
  @IsString()
  @Length(1, 1000)
  password?: string | null;

  /** A domain whose mail comes back to Command Center: emails can have a return path of their own there */
  @IsOptional()
  @LowerCased()
  @Matches(DOMAIN, { message: 'must be a domain, e.g. bounces.example.com' })
  return_path_domain?: string | null;

  /** The whole team's, not the caller's own: admins only */
  @MayBeLeftOut()
  @IsBoolean()
  team?: boolean;
}

export class UpdateChannel extends ChannelLimitsInput {
  @MayBeLeftOut()
  @Trimmed()
  @IsString()
  @Length(1, 100)
  name?: string;

  @MayBeLeftOut()
  @LowerCased()
  @Matches(HOST, { message: 'must be the name or address of a mail server, without port' })
  host?: string;

  @MayBeLeftOut()
  @IsInt()
  @Min(1)
  @Max(65_535)
  port?: number;

  @MayBeLeftOut()
  @IsIn(CHANNEL_SECURITIES)
  security?: ChannelSecurity;

  @IsOptional()
  @IsString()
  @Length(1, 320)
  username?: string | null;

  /** Needed anew when the server or the user name changes: a password goes to the server it was given for */
  @IsOptional()
  @IsString()
  @Length(1, 1000)
  password?: string | null;

  @IsOptional()
  @LowerCased()
  @Matches(DOMAIN, { message: 'must be a domain, e.g. bounces.example.com' })
  return_path_domain?: string | null;
}

export type ChannelState = 'ready' | 'waiting' | 'paused' | 'stopped';

export class ChannelWaiting {
  /** One of its limits, or a server that failed and is tried again */
  for: PaceReason;
  until: Date;
}

export class ChannelOwner {
  id: string;
  name: string;
}

/** A mail server that emails go out by */
export class ChannelView {
  id: string;
  name: string;
  /** Null: the team's */
  owner: ChannelOwner | null;
  host: string;
  port: number;
  security: ChannelSecurity;
  username: string | null;
  has_password: boolean;
  /** Whose permission it logs in with, instead of a password (POST /v1/mail-accounts); null: nobody's */
  provider: MailProvider | null;
  return_path_domain: string | null;
  connections: number;
  per_second: number | null;
  per_minute: number | null;
  per_domain_per_minute: number | null;
  batch_size: number | null;
  batch_wait_seconds: number | null;
  per_day: number | null;
  gap_min_ms: number | null;
  gap_max_ms: number | null;
  /** `waiting`: see `waiting`; `paused`: by somebody; `stopped`: the server refused the log-in or an address, see `trouble` */
  state: ChannelState;
  waiting: ChannelWaiting | null;
  /** What the server said, or why it could not be reached; null: all is well */
  trouble: string | null;
  created_at: Date;
  updated_at: Date;
  /** The version in the ETag */
  version: number;
}

export class ChannelList {
  /** The team's, then one's own; for admins everybody's */
  data: ChannelView[];
}
