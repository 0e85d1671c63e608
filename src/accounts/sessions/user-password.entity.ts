import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { User } from '../user.entity.js';

/** A person's password, as argon2id has it. In a table of its own, so that reading a user never brings it along. */
@Entity('user_passwords')
@ForeignKey(() => User, ['teamId', 'userId'], ['teamId', 'id'], { name: 'fk_user_passwords_user', onDelete: 'CASCADE' })
export class UserPassword {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_user_passwords' })
  teamId: string;

  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'pk_user_passwords' })
  userId: string;

  @Column('text')
  hash: string;

  @Column('timestamptz', { name: 'set_at' })
  setAt: Date;
}
