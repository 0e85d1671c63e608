import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Team } from '../../accounts/team.entity.js';

/** What somebody wrote, before dynamic fields get their values. Never changed: an edit makes a new one. */
@Entity('email_contents')
@ForeignKey(() => Team, ['teamId'], ['id'], { name: 'fk_email_contents_team', onDelete: 'CASCADE' })
export class EmailContent {
  @PrimaryColumn('uuid', { name: 'team_id', primaryKeyConstraintName: 'pk_email_contents' })
  teamId: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_email_contents' })
  id: string;

  @Column('text')
  subject: string;

  /** HTML, or plain text, as it was written: made safe when it is sent and when it is shown. */
  @Column('text')
  body: string;
}
