import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Team } from '../../../accounts/team.entity.js';
import { User } from '../../../accounts/user.entity.js';
import type { ImportField } from './import-mapping.js';

export type ImportState = 'uploading' | 'uploaded' | 'running' | 'done' | 'stopped';
/** A CSV file, or what a query in Salesforce found. */
export type ImportSource = 'file' | 'salesforce';
export type RowOutcome = 'created' | 'updated' | 'unchanged' | 'refused';

/** People as a CSV file or Salesforce has them: read, then tried or done in the background, batch by batch. */
@Entity('people_imports')
@ForeignKey(() => Team, ['teamId'], ['id'], { name: 'fk_people_imports_team', onDelete: 'CASCADE' })
@ForeignKey(() => User, ['teamId', 'ownerId'], ['teamId', 'id'], { name: 'fk_people_imports_owner' })
@Index('ix_people_imports_running', ['startedAt', 'teamId'], { where: `state = 'running'` })
@Check('ck_people_imports_source', `source IN ('file', 'salesforce')`)
@Check('ck_people_imports_state', `state IN ('uploading', 'uploaded', 'running', 'done', 'stopped')`)
export class PeopleImport {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_people_imports' })
  teamId: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_people_imports' })
  id: string;

  @Column('uuid', { name: 'owner_id' })
  ownerId: string;

  @Column('text', { default: 'file' })
  source: ImportSource;

  @Column('text', { default: 'uploading' })
  state: ImportState;

  /** The first line. */
  @Column('jsonb', { default: [] })
  headers: string[];

  @Column('integer', { default: 0 })
  total: number;

  /** Header → what its cells are. */
  @Column('jsonb', { default: {} })
  mapping: Record<string, ImportField>;

  @Column('boolean', { name: 'dry_run', default: false })
  dryRun: boolean;

  /** Whether who is created is shared with the team. */
  @Column('boolean', { default: false })
  shared: boolean;

  /** The last row that is done; moves in the transaction that does the rows. */
  @Column('integer', { default: 0 })
  position: number;

  @Column('jsonb', { default: {} })
  counts: Partial<Record<RowOutcome, number>>;

  @Column('text', { name: 'stopped_because', nullable: true })
  stoppedBecause: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'started_at', nullable: true })
  startedAt: Date | null;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt: Date | null;
}
