import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { StoredFile } from './file.entity.js';

/** A part of a file's bytes. In the database, where every process finds it and every backup has it. */
@Entity('file_chunks')
@ForeignKey(() => StoredFile, ['teamId', 'fileId'], ['teamId', 'id'], {
  name: 'fk_file_chunks_file',
  onDelete: 'CASCADE',
})
export class FileChunk {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_file_chunks' })
  teamId: string;

  @PrimaryColumn('uuid', { name: 'file_id', primaryKeyConstraintName: 'pk_file_chunks' })
  fileId: string;

  /** From 0. */
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'pk_file_chunks' })
  position: number;

  @Column('bytea')
  bytes: Buffer;
}
