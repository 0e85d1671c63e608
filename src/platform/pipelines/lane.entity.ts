import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Who works on which lane. `lease_until` is the database's time, `retry_at` the product's (see clock/). */
@Entity('lanes')
export class Lane {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_lanes' })
  pipeline: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_lanes' })
  lane: string;

  /** +1 when a consumer begins, before its first look. */
  @Column('bigint', { default: 0 })
  generation: string;

  /** Fencing token: +1 each time the lease is taken. */
  @Column('bigint', { default: 0 })
  token: string;

  /** Null: free. */
  @Column('timestamptz', { name: 'lease_until', nullable: true })
  leaseUntil: Date | null;

  @Column('text', { nullable: true })
  holder: string | null;

  /** Failed slices in a row. */
  @Column('integer', { default: 0 })
  failures: number;

  /** Not taken before. */
  @Column('timestamptz', { name: 'retry_at', nullable: true })
  retryAt: Date | null;

  @Column('text', { name: 'last_error', nullable: true })
  lastError: string | null;
}
