import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Person } from './person.entity.js';

/** Whose an address is: of a person who is there, the main one or another. One address is one person. */
@Entity('person_addresses')
@ForeignKey(() => Person, ['teamId', 'personId'], ['teamId', 'id'], {
  name: 'fk_person_addresses_person',
  onDelete: 'CASCADE',
})
@Index('ix_person_addresses_person', ['teamId', 'personId'])
@Index('ix_person_addresses_search', { synchronize: false })
export class PersonAddress {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_person_addresses' })
  teamId: string;

  /** Lower case. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_person_addresses' })
  email: string;

  @Column('uuid', { name: 'person_id' })
  personId: string;

  /** The one that is written to: people.email. */
  @Column('boolean')
  main: boolean;
}
