import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { MayBeLeftOut } from '../../platform/http/validators.js';

const DAY_SECONDS = 86_400;
const HOUR_MS = 3_600_000;

/** How fast a channel sends; what is null is without that limit */
export class ChannelLimitsInput {
  /** Connections at once; 5 when left out */
  @MayBeLeftOut()
  @IsInt()
  @Min(1)
  @Max(20)
  connections?: number;

  /** Emails in any second */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1000)
  per_second?: number | null;

  /** Emails in any minute
   * @example 30 */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(10_000)
  per_minute?: number | null;

  /** Emails in any minute to recipients of one and the same domain */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(10_000)
  per_domain_per_minute?: number | null;

  /** So many emails, then a rest of `batch_wait_seconds`; both or none
   * @example 25 */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(10_000)
  batch_size?: number | null;

  /** @example 45 */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(DAY_SECONDS)
  batch_wait_seconds?: number | null;

  /** Emails in any 24 hours
   * @example 2000 */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100_000)
  per_day?: number | null;

  /** A random pause after each email, from so many milliseconds to `gap_max_ms`; both or none */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(HOUR_MS)
  gap_min_ms?: number | null;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(HOUR_MS)
  gap_max_ms?: number | null;
}
