import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

@Entity('teams')
@Index('ix_teams_deleted', ['deletedAt'], { where: 'deleted_at IS NOT NULL' })
export class Team {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_teams' })
  id: string;

  @Column('text')
  name: string;

  @Column('integer', { default: 1 })
  version: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  /** Due mark of the removal: from here on nobody can use the team, and its rows go. Null: it lives. */
  @Column('timestamptz', { name: 'deleted_at', nullable: true })
  deletedAt: Date | null;
}
