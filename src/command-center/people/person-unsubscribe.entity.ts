import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Person } from './person.entity.js';

export const UNSUBSCRIBE_SOURCES = ['manual', 'link', 'salesforce', 'bounce', 'complaint', 'import'] as const;
export type UnsubscribeSource = (typeof UNSUBSCRIBE_SOURCES)[number];

/** That a person wanted no more emails, or wanted them again. Only ever added to. */
@Entity('person_unsubscribes')
@ForeignKey(() => Person, ['teamId', 'personId'], ['teamId', 'id'], {
  name: 'fk_person_unsubscribes_person',
  onDelete: 'CASCADE',
})
@Index('ix_person_unsubscribes_person', ['teamId', 'personId', 'id'])
@Check('ck_person_unsubscribes_what', `what IN ('unsubscribed', 'resubscribed')`)
@Check('ck_person_unsubscribes_source', `source IN ('manual', 'link', 'salesforce', 'bounce', 'complaint', 'import')`)
export class PersonUnsubscribe {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_person_unsubscribes' })
  teamId: string;

  /** UUIDv7: their order. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_person_unsubscribes' })
  id: string;

  @Column('uuid', { name: 'person_id' })
  personId: string;

  @Column('text')
  what: 'unsubscribed' | 'resubscribed';

  @Column('text')
  source: UnsubscribeSource;

  @Column('text', { nullable: true })
  reason: string | null;

  /** `user:<id>` or `key:<id>`; null: the person, or Command Center itself. */
  @Column('text', { nullable: true })
  actor: string | null;

  /** The email whose link it was. Without a foreign key: people know no emails. */
  @Column('uuid', { name: 'email_id', nullable: true })
  emailId: string | null;

  @Column('timestamptz')
  at: Date;
}
