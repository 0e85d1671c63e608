import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** Up to where lines of the feed were removed: who has read less cannot go on, only begin anew. One row. */
@Entity('live_feed_start')
@Check('ck_live_feed_start_one', 'one')
export class LiveFeedStart {
  @PrimaryColumn('boolean', { primaryKeyConstraintName: 'pk_live_feed_start' })
  one: boolean;

  @Column('bigint')
  xid: string;

  @Column('bigint')
  id: string;
}
