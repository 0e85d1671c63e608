import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { PeopleImport } from '../../command-center/people/imports/people-import.entity.js';
import type { PeopleQuery } from './people-query.js';

/** Leads and contacts that are being read for an import: what is asked for, and how far it is. It goes when all is read. */
@Entity('salesforce_people_reads')
@ForeignKey(() => PeopleImport, ['teamId', 'importId'], ['teamId', 'id'], {
  name: 'fk_salesforce_people_reads_import',
  onDelete: 'CASCADE',
})
@Index('ix_salesforce_people_reads_connection', ['connectionId', 'createdAt'])
export class PeopleRead {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_salesforce_people_reads' })
  teamId: string;

  @PrimaryColumn('uuid', { name: 'import_id', primaryKeyConstraintName: 'pk_salesforce_people_reads' })
  importId: string;

  @Column('uuid', { name: 'connection_id' })
  connectionId: string;

  @Column('jsonb')
  queries: PeopleQuery[];

  /** Which of the queries is being read. */
  @Column('integer', { default: 0 })
  nth: number;

  /** The last record of it that was read. */
  @Column('text', { name: 'after_id', nullable: true })
  afterId: string | null;

  /** How often the next page has failed in a row. */
  @Column('integer', { default: 0 })
  tries: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
