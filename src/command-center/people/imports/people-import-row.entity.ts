import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { PeopleImport, type RowOutcome } from './people-import.entity.js';

/** A line of the file, and what became of it in the latest run. */
@Entity('people_import_rows')
@ForeignKey(() => PeopleImport, ['teamId', 'importId'], ['teamId', 'id'], {
  name: 'fk_people_import_rows_import',
  onDelete: 'CASCADE',
})
@Index('ix_people_import_rows_email', ['teamId', 'importId', 'email'], { where: 'email IS NOT NULL' })
@Index('ix_people_import_rows_record', ['teamId', 'importId', 'recordId'], { where: 'record_id IS NOT NULL' })
@Index('ix_people_import_rows_outcome', ['teamId', 'importId', 'outcome', 'row'])
@Check('ck_people_import_rows_outcome', `outcome IN ('created', 'updated', 'unchanged', 'refused')`)
export class PeopleImportRow {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_people_import_rows' })
  teamId: string;

  @PrimaryColumn('uuid', { name: 'import_id', primaryKeyConstraintName: 'pk_people_import_rows' })
  importId: string;

  /** From 1, the headers not counted. */
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'pk_people_import_rows' })
  row: number;

  @Column('jsonb')
  cells: string[];

  /** As it was taken: a later row with the same address is refused. */
  @Column('text', { nullable: true })
  email: string | null;

  /** The lead or contact, as it was taken: a try tells by it whom an earlier row would have made. */
  @Column('text', { name: 'record_id', nullable: true })
  recordId: string | null;

  @Column('text', { nullable: true })
  outcome: RowOutcome | null;

  @Column('text', { nullable: true })
  reason: string | null;

  /** Without a foreign key: people come and go. */
  @Column('uuid', { name: 'person_id', nullable: true })
  personId: string | null;
}
