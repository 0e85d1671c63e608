import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Team } from '../../accounts/team.entity.js';
import { User } from '../../accounts/user.entity.js';

/** A file that somebody uploaded. Never changed: emails can share it, and a sent one keeps what was sent. */
@Entity('files')
@ForeignKey(() => Team, ['teamId'], ['id'], { name: 'fk_files_team', onDelete: 'CASCADE' })
@ForeignKey(() => User, ['teamId', 'userId'], ['teamId', 'id'], { name: 'fk_files_user' })
@Index('ix_files_user', ['teamId', 'userId'])
@Index('ix_files_created', ['createdAt', 'id'])
@Check('ck_files_size', 'size >= 0')
export class StoredFile {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_files' })
  teamId: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_files' })
  id: string;

  /** Who uploaded it; null: a key of the team. */
  @Column('uuid', { name: 'user_id', nullable: true })
  userId: string | null;

  @Column('text')
  name: string;

  @Column('text', { name: 'media_type' })
  mediaType: string;

  /** In bytes. */
  @Column('integer', { default: 0 })
  size: number;

  /** False: it is still being uploaded, or its upload broke off. */
  @Column('boolean', { default: false })
  whole: boolean;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
