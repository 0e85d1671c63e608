import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../../../platform/database/transactions.js';

export interface NoteRow {
  id: string;
  author: string;
  text: string;
  version: number;
  createdAt: Date;
  editedAt: Date | null;
}

const SELECTED = 'id, author, text, version, created_at AS "createdAt", edited_at AS "editedAt"';

@Injectable()
export class PersonNotes {
  /** Newest first; one more than `limit` when there is one. */
  page(
    reader: Reader,
    teamId: string,
    personId: string,
    slice: { after: string | null; limit: number },
  ): Promise<NoteRow[]> {
    return reader.query<NoteRow>(
      `SELECT ${SELECTED} FROM person_notes
       WHERE team_id = $1 AND person_id = $2 AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4`,
      [teamId, personId, slice.after, slice.limit + 1],
    );
  }

  async lock(tx: Tx, teamId: string, personId: string, id: string): Promise<NoteRow | undefined> {
    const sql = `SELECT ${SELECTED} FROM person_notes WHERE team_id = $1 AND person_id = $2 AND id = $3 FOR UPDATE`;
    return (await tx.query<NoteRow>(sql, [teamId, personId, id]))[0];
  }

  async add(tx: Tx, teamId: string, personId: string, { id, author, text, createdAt }: NoteRow): Promise<void> {
    await tx.query(
      'INSERT INTO person_notes (team_id, id, person_id, author, text, created_at) VALUES ($1, $2, $3, $4, $5, $6)',
      [teamId, id, personId, author, text, createdAt],
    );
  }

  async write(tx: Tx, teamId: string, { id, text, version, editedAt }: NoteRow): Promise<void> {
    const sql = 'UPDATE person_notes SET text = $3, version = $4, edited_at = $5 WHERE team_id = $1 AND id = $2';
    await tx.query(sql, [teamId, id, text, version, editedAt]);
  }

  async remove(tx: Tx, teamId: string, id: string): Promise<void> {
    await tx.query('DELETE FROM person_notes WHERE team_id = $1 AND id = $2', [teamId, id]);
  }
}
