import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { User } from '../../accounts/user.entity.js';

/** Which Salesforce user one of ours is. */
@Entity('salesforce_user_matches')
@ForeignKey(() => User, ['teamId', 'userId'], ['teamId', 'id'], {
  name: 'fk_salesforce_user_matches_user',
  onDelete: 'CASCADE',
})
@Index('uq_salesforce_user_matches_salesforce_user', ['teamId', 'salesforceUserId'], { unique: true })
@Check('ck_salesforce_user_matches_by', `matched_by IN ('username', 'email', 'federation_id', 'admin')`)
export class SalesforceUserMatch {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_salesforce_user_matches' })
  teamId: string;

  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'pk_salesforce_user_matches' })
  userId: string;

  /** 18 characters, 005…. */
  @Column('text', { name: 'salesforce_user_id' })
  salesforceUserId: string;

  @Column('text', { name: 'salesforce_username' })
  salesforceUsername: string;

  @Column('text', { name: 'matched_by' })
  matchedBy: 'username' | 'email' | 'federation_id' | 'admin';

  @Column('timestamptz', { name: 'matched_at', default: () => 'now()' })
  matchedAt: Date;
}
