import { answerOf, api, type Schemas } from '../api/client';
import { Problem } from '../api/problem';

export type Note = Schemas['PersonNoteView'];

const AT_A_TIME = 10;
const MOST_AT_ONCE = 200;

export const notesAfter = (personId: string, after: string, limit = AT_A_TIME) =>
  answerOf(
    api.GET('/v1/people/{id}/notes', {
      params: { path: { id: personId }, query: { limit, ...(after !== '' && { after }) } },
    }),
  );

/** A note as it is now; notes are read as a list only. */
export async function readNote(personId: string, noteId: string): Promise<Note> {
  for (let after: string | null = ''; after !== null;) {
    const page: Schemas['PersonNotePage'] = await notesAfter(personId, after, MOST_AT_ONCE);
    const note = page.data.find(({ id }) => id === noteId);
    if (note) return note;
    after = page.next;
  }
  const gone = { title: 'The note is gone', code: 'not_found', detail: 'It was deleted meanwhile.' };
  throw Problem.of(404, gone, new Headers());
}
