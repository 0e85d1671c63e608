import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Team } from '../team.entity.js';

/** The first answer to a request with an Idempotency-Key: written in the transaction that did what was asked. */
@Entity('kept_answers')
@ForeignKey(() => Team, ['teamId'], ['id'], { name: 'fk_kept_answers_team', onDelete: 'CASCADE' })
@Index('ix_kept_answers_created', ['createdAt'])
export class KeptAnswer {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_kept_answers' })
  teamId: string;

  /** Who asked: `user:<id>` or `key:<id>`. Keys of others are other keys. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_kept_answers' })
  actor: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_kept_answers' })
  key: string;

  /** SHA-256 of method, address and body. */
  @Column('text', { name: 'request_hash' })
  requestHash: string;

  @Column('smallint')
  status: number;

  @Column('jsonb')
  headers: Record<string, string>;

  /** Sealed: an answer may show a secret for the only time. */
  @Column('text')
  body: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
