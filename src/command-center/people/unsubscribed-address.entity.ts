import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Team } from '../../accounts/team.entity.js';

/** An address whose person unsubscribed: it outlives them, and whoever has it next is not written to. */
@Entity('unsubscribed_addresses')
@ForeignKey(() => Team, ['teamId'], ['id'], { name: 'fk_unsubscribed_addresses_team', onDelete: 'CASCADE' })
export class UnsubscribedAddress {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_unsubscribed_addresses' })
  teamId: string;

  /** Lower case. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_unsubscribed_addresses' })
  email: string;

  @Column('timestamptz')
  at: Date;
}
