import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Team } from '../team.entity.js';

/** What an admin, an operator or a key of the team did. Rows are only added; words leave with whom they are about. */
@Entity('audit_entries')
@ForeignKey(() => Team, ['teamId'], ['id'], { name: 'fk_audit_entries_team', onDelete: 'CASCADE' })
@Index('ix_audit_entries_actor', ['teamId', 'actor', 'id'])
@Index('ix_audit_entries_action', ['teamId', 'action', 'id'])
export class AuditEntry {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_audit_entries' })
  teamId: string;

  /** UUIDv7: in the order of the acts. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_audit_entries' })
  id: string;

  @Column('timestamptz')
  at: Date;

  /** `user:<id>`, `key:<id>` or `operator`. */
  @Column('text')
  actor: string;

  /** What was done: `user.invited`, `salesforce.connected`, … */
  @Column('text')
  action: string;

  /** `user`, `api_key`, `team`, …; null where the act is on the team as a whole. */
  @Column('text', { name: 'target_type', nullable: true })
  targetType: string | null;

  @Column('text', { name: 'target_id', nullable: true })
  targetId: string | null;

  /** What changed, without any secret. */
  @Column('jsonb', { default: {} })
  details: Record<string, unknown>;
}
