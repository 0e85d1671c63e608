import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { DeliveryChannel } from './delivery-channel.entity.js';

export const PACE_REASONS = ['per_second', 'per_minute', 'batch', 'per_day', 'gap', 'server'] as const;
/** What a channel waits for: one of its limits, or a server that failed. */
export type PaceReason = (typeof PACE_REASONS)[number];

/**
 * How a channel is paced at the moment: the dispatch's own bookkeeping, one row with each channel. It lies beside the
 * channel so that sending makes nobody's edit of it fail.
 */
@Entity('delivery_channel_paces')
@ForeignKey(() => DeliveryChannel, ['teamId', 'channelId'], ['teamId', 'id'], {
  name: 'fk_delivery_channel_paces_channel',
  onDelete: 'CASCADE',
})
@Check(
  'ck_delivery_channel_paces_waiting_for',
  `waiting_for IN ('per_second', 'per_minute', 'batch', 'per_day', 'gap', 'server')`,
)
@Check('ck_delivery_channel_paces_waiting', '(not_before IS NULL) = (waiting_for IS NULL)')
export class DeliveryChannelPace {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_delivery_channel_paces' })
  teamId: string;

  @PrimaryColumn('uuid', { name: 'channel_id', primaryKeyConstraintName: 'pk_delivery_channel_paces' })
  channelId: string;

  /** Nothing is sent before. */
  @Column('timestamptz', { name: 'not_before', nullable: true })
  notBefore: Date | null;

  @Column('text', { name: 'waiting_for', nullable: true })
  waitingFor: PaceReason | null;

  /** The random gap after the last email, drawn once: looking at it does not move it. */
  @Column('timestamptz', { name: 'gap_until', nullable: true })
  gapUntil: Date | null;

  /** Of the server, in a row. */
  @Column('integer', { default: 0 })
  failures: number;

  /** The server refused the log-in, or an address of ours again and again: nothing is sent until somebody mends it. */
  @Column('timestamptz', { name: 'stopped_at', nullable: true })
  stoppedAt: Date | null;

  /** When a worker was there last and sent what was due, as far as the channel let it. */
  @Column('timestamptz', { name: 'looked_at', nullable: true })
  lookedAt: Date | null;

  /** What the server said, or why it could not be reached. */
  @Column('text', { nullable: true })
  trouble: string | null;
}
