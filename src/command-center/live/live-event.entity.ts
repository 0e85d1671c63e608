import { Check, Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/**
 * One line of the feed that open pages follow. It is read in the order of (xid, id): ids alone are drawn before the
 * commit, so that a transaction that commits late would be passed over. No foreign keys: a line lives for an hour, and
 * writing one must hold nothing that others wait for.
 */
@Entity('live_events')
@Index('ix_live_events_order', ['xid', 'id'])
@Check('ck_live_events_name', `name IN ('task', 'sync', 'email')`)
export class LiveEventRow {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_live_events' })
  teamId: string;

  /** The transaction that wrote it (`pg_current_xact_id()`), 64 bits wide: it never wraps. */
  @PrimaryColumn('bigint', { primaryKeyConstraintName: 'pk_live_events' })
  xid: string;

  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'pk_live_events',
  })
  id: string;

  @Column('text')
  name: string;

  @Column('jsonb')
  data: object;

  /** The members who see it besides the admins; null: the whole team. */
  @Column('uuid', { array: true, nullable: true })
  audience: string[] | null;

  @Column('timestamptz')
  at: Date;
}
