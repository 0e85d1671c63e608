import { IsBoolean, IsIn, IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';
import { LowerCased, MayBeLeftOut, Trimmed } from '../../platform/http/validators.js';
import { CHANNEL_SECURITIES, type ChannelSecurity } from './delivery-channel.entity.js';

const HOST =
  /^(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$|^[0-9a-f:]{2,45}$/;

export class CreateChannel {
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

  /** The whole team's, not the caller's own: admins only */
  @MayBeLeftOut()
  @IsBoolean()
  team?: boolean;
}

export class UpdateChannel {
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
  created_at: Date;
  updated_at: Date;
  /** The version in the ETag */
  version: number;
}

export class ChannelList {
  /** The team's, then one's own; for admins everybody's */
  data: ChannelView[];
}
