import { Button } from '@mantine/core';
import { fullTime } from '../emails/email-words';
import { useMe } from '../shell/use-me';
import { agoWords } from '../tasks/due';
import { useNow } from '../ui/use-now';
import type { Note } from './notes';

interface NoteItemProps {
  note: Note;
  onEdit(): void;
  onDelete(): void;
}

export function NoteItem({ note, onEdit, onDelete }: NoteItemProps) {
  const { user, role, time_zone: timeZone } = useMe();
  const now = useNow(30_000);
  const { text, author, created_at: at, edited_at: edited } = note;
  const isMine = author.id === `user:${user?.id ?? ''}`;
  return (
    <>
      <p className="note-text">{text}</p>
      <div className="note-foot">
        <span className="quiet">
          {author.name},{' '}
          <time dateTime={at} title={fullTime(at, timeZone)}>
            {agoWords(at, now)}
          </time>
          {edited !== null && <span title={fullTime(edited, timeZone)}> · edited {agoWords(edited, now)}</span>}
        </span>
        {isMine && (
          <Button
            size="compact-xs"
            variant="subtle"
            aria-label={`Edit the note “${text.slice(0, 40)}”`}
            onClick={onEdit}
          >
            Edit
          </Button>
        )}
        {(isMine || role === 'admin') && (
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            aria-label={`Delete the note “${text.slice(0, 40)}”`}
            onClick={onDelete}
          >
            Delete
          </Button>
        )}
      </div>
    </>
  );
}
