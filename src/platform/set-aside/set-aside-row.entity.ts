import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of another table that does not hold at the moment: it is of a place that the team has left. */
@Entity('set_aside_rows')
export class SetAsideRow {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_set_aside_rows' })
  teamId: string;

  /** Where it holds: a Salesforce org. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_set_aside_rows' })
  place: string;

  /** The table that it is from. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_set_aside_rows' })
  source: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_set_aside_rows' })
  key: string;

  /** As `to_jsonb` writes it. A migration that adds a NOT NULL column to the table has to add it here, too. */
  @Column('jsonb')
  row: object;
}
