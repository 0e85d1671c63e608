import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Person } from './person.entity.js';

/** A lead or contact that is this person; one person may have several. */
@Entity('person_salesforce_records')
@ForeignKey(() => Person, ['teamId', 'personId'], ['teamId', 'id'], {
  name: 'fk_person_salesforce_records_person',
  onDelete: 'CASCADE',
})
@Index('ix_person_salesforce_records_person', ['teamId', 'personId'])
@Check('ck_person_salesforce_records_kind', `kind IN ('lead', 'contact')`)
export class PersonSalesforceRecord {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_person_salesforce_records' })
  teamId: string;

  /** 18 characters. */
  @PrimaryColumn('text', { name: 'salesforce_id', primaryKeyConstraintName: 'pk_person_salesforce_records' })
  salesforceId: string;

  @Column('uuid', { name: 'person_id' })
  personId: string;

  @Column('text')
  kind: 'lead' | 'contact';
}
