import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Person } from '../person.entity.js';

/** What somebody wrote down about a person. */
@Entity('person_notes')
@ForeignKey(() => Person, ['teamId', 'personId'], ['teamId', 'id'], {
  name: 'fk_person_notes_person',
  onDelete: 'CASCADE',
})
@Index('ix_person_notes_person', ['teamId', 'personId', 'id'])
export class PersonNote {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_person_notes' })
  teamId: string;

  /** UUIDv7: their order. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_person_notes' })
  id: string;

  @Column('uuid', { name: 'person_id' })
  personId: string;

  /** `user:<id>` or `key:<id>`. */
  @Column('text')
  author: string;

  @Column('text')
  text: string;

  @Column('integer', { default: 1 })
  version: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'edited_at', nullable: true })
  editedAt: Date | null;
}
