import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Person } from '../person.entity.js';

export const AUTHORIZATION_TYPES = ['consent', 'legitimate_interest', 'contract', 'other'] as const;
export type AuthorizationType = (typeof AUTHORIZATION_TYPES)[number];

/** On what ground the team writes to a person: the latest one holds. Only ever added to. */
@Entity('person_authorizations')
@ForeignKey(() => Person, ['teamId', 'personId'], ['teamId', 'id'], {
  name: 'fk_person_authorizations_person',
  onDelete: 'CASCADE',
})
@Index('ix_person_authorizations_person', ['teamId', 'personId', 'id'])
@Check('ck_person_authorizations_type', `type IN ('consent', 'legitimate_interest', 'contract', 'other')`)
export class PersonAuthorization {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_person_authorizations' })
  teamId: string;

  /** UUIDv7: their order. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_person_authorizations' })
  id: string;

  @Column('uuid', { name: 'person_id' })
  personId: string;

  /** Null: from then on there is none. */
  @Column('text', { nullable: true })
  type: AuthorizationType | null;

  @Column('text', { nullable: true })
  source: string | null;

  /** YYYY-MM-DD. */
  @Column('date', { name: 'consented_on', nullable: true })
  consentedOn: string | null;

  @Column('text', { nullable: true })
  purpose: string | null;

  /** `user:<id>` or `key:<id>`. */
  @Column('text')
  actor: string;

  @Column('timestamptz')
  at: Date;
}
