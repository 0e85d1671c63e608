import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Team } from '../../accounts/team.entity.js';

/** A domain that the team sends nothing to, nor to those below it. */
@Entity('blocked_domains')
@ForeignKey(() => Team, ['teamId'], ['id'], { name: 'fk_blocked_domains_team', onDelete: 'CASCADE' })
export class BlockedDomain {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_blocked_domains' })
  teamId: string;

  /** Lower case, without a dot before it. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_blocked_domains' })
  domain: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('text', { name: 'created_by' })
  createdBy: string;
}
