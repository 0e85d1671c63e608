import { Button, Skeleton } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, api } from '../api/client';
import { sentenceOf } from '../api/problem';
import { Confirm } from '../ui/confirm';
import { useRun } from '../ui/use-run';
import { AddNote, EditNote } from './note-forms';
import { NoteItem } from './note-item';
import { type Note, notesAfter } from './notes';

/** What colleagues wrote down about a person, newest first. */
export function PersonNotes({ personId }: { personId: string }) {
  const notes = useInfiniteQuery({
    queryKey: ['notes', personId],
    queryFn: ({ pageParam }) => notesAfter(personId, pageParam),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  const { run } = useRun(['notes', 'timeline']);
  const [editing, setEditing] = useState<string>();
  const [doomed, setDoomed] = useState<Note>();
  const all = notes.data?.pages.flatMap(({ data }) => data) ?? [];

  async function destroy({ id: noteId }: Note) {
    setDoomed(undefined);
    const params = { path: { id: personId, noteId } };
    await run(() => answerOf(api.DELETE('/v1/people/{id}/notes/{noteId}', { params })), 'The note is deleted.');
  }
  return (
    <section aria-label="Notes">
      <h2 className="small-head">Notes</h2>
      <AddNote personId={personId} />
      {notes.isPending && <Skeleton height={40} />}
      {notes.isError && <p className="quiet">{sentenceOf(notes.error)}</p>}
      <ol className="notes">
        {all.map((note) => (
          <li key={note.id}>
            {note.id === editing ? (
              <EditNote personId={personId} note={note} onClose={() => setEditing(undefined)} />
            ) : (
              <NoteItem note={note} onEdit={() => setEditing(note.id)} onDelete={() => setDoomed(note)} />
            )}
          </li>
        ))}
      </ol>
      {notes.hasNextPage && (
        <Button
          size="compact-sm"
          variant="subtle"
          loading={notes.isFetchingNextPage}
          onClick={() => void notes.fetchNextPage()}
        >
          Show older notes
        </Button>
      )}
      <Confirm
        opened={doomed !== undefined}
        title={`Delete this note of ${doomed?.author.name ?? ''}?`}
        answers={[{ label: 'Delete the note', color: 'red', run: () => doomed && void destroy(doomed) }]}
        onClose={() => setDoomed(undefined)}
      >
        <p>Nobody reads it any more. It cannot be undone.</p>
      </Confirm>
    </section>
  );
}
