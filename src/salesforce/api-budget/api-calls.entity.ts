import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { SalesforceConnection } from '../connection/connection.entity.js';

/** How many API calls we made to an org in one hour for one purpose, retries included. Kept 30 days. */
@Entity('salesforce_api_calls')
@ForeignKey(() => SalesforceConnection, ['teamId', 'connectionId'], ['teamId', 'id'], {
  name: 'fk_salesforce_api_calls_connection',
  onDelete: 'CASCADE',
})
export class SalesforceApiCalls {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_salesforce_api_calls' })
  teamId: string;

  @PrimaryColumn('uuid', { name: 'connection_id', primaryKeyConstraintName: 'pk_salesforce_api_calls' })
  connectionId: string;

  /** Its start. */
  @PrimaryColumn('timestamptz', { primaryKeyConstraintName: 'pk_salesforce_api_calls' })
  hour: Date;

  /** As the calls name it: `pull`, `push`, `read before write`, `names`, … */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_salesforce_api_calls' })
  purpose: string;

  @Column('integer')
  calls: number;
}
