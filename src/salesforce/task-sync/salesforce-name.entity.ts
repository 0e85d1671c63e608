import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Team } from '../../accounts/team.entity.js';

/** Names of related records and of owners who are not ours, so that a page shows words instead of ids. */
@Entity('salesforce_names')
@ForeignKey(() => Team, ['teamId'], ['id'], { name: 'fk_salesforce_names_team', onDelete: 'CASCADE' })
export class SalesforceName {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_salesforce_names' })
  teamId: string;

  @PrimaryColumn('text', { name: 'salesforce_id', primaryKeyConstraintName: 'pk_salesforce_names' })
  salesforceId: string;

  @Column('text')
  name: string;

  @Column('timestamptz', { name: 'read_at' })
  readAt: Date;
}
