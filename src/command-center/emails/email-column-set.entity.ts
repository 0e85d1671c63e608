import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { User } from '../../accounts/user.entity.js';
import type { EmailColumn } from './email-columns.js';
import type { EmailSort } from './email-sorts.js';
import type { EmailFolder } from './email-state.js';

/** How a user has the list of a folder; where there is none, as it is for everybody (email-columns.ts). */
@Entity('email_column_sets')
@ForeignKey(() => User, ['teamId', 'userId'], ['teamId', 'id'], {
  name: 'fk_email_column_sets_user',
  onDelete: 'CASCADE',
})
export class EmailColumnSet {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_email_column_sets' })
  teamId: string;

  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'pk_email_column_sets' })
  userId: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_email_column_sets' })
  folder: EmailFolder;

  /** From left to right. */
  @Column('text', { array: true })
  columns: EmailColumn[];

  @Column('text')
  sort: EmailSort;

  @Column('integer', { name: 'rows_per_page' })
  rowsPerPage: number;

  @Column('boolean', { name: 'roll_up' })
  rollUp: boolean;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;
}
