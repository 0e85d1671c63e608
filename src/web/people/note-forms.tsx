import { Alert, Button, Textarea } from '@mantine/core';
import { type FormEvent, type KeyboardEvent, useState } from 'react';
import { answerOf, api } from '../api/client';
import { sentenceOf } from '../api/problem';
import { ClashAlert } from '../ui/clash-alert';
import { useAskBeforeLeaving } from '../ui/leaving';
import { useEdit } from '../ui/use-edit';
import { useRun } from '../ui/use-run';
import { type Note, readNote } from './notes';

const MOST = 10_000;

/** Ctrl+Enter is for the note then, not for the person around it. */
function onCtrlEnter(run: () => void) {
  return (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.stopPropagation();
    run();
  };
}

export function AddNote({ personId }: { personId: string }) {
  const { run, busy } = useRun(['notes', 'timeline']);
  const [text, setText] = useState('');
  // One key for one note, however often it is sent: a lost answer must not make a second one.
  const [key, setKey] = useState(newKey);
  const isEmpty = text.trim() === '';
  useAskBeforeLeaving(!isEmpty);

  async function add() {
    if (isEmpty || busy) return;
    const sent = { params: { path: { id: personId } }, body: { text }, headers: { 'Idempotency-Key': key } };
    const added = await run(() => answerOf(api.POST('/v1/people/{id}/notes', sent)), 'The note is added.');
    if (!added) return;
    setText('');
    setKey(newKey());
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    void add();
  }
  return (
    <form className="note-form" aria-label="Add a note" onSubmit={submit} onKeyDown={onCtrlEnter(() => void add())}>
      <Textarea
        aria-label="New note"
        placeholder="What colleagues should know"
        autosize
        minRows={1}
        maxRows={12}
        maxLength={MOST}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
      {!isEmpty && (
        <div className="buttons">
          <Button size="compact-md" type="submit" loading={busy}>
            Add note
          </Button>
        </div>
      )}
    </form>
  );
}

export function EditNote({ personId, note, onClose }: { personId: string; note: Note; onClose(): void }) {
  const edit = useEdit<Note, { text: string }>({
    ...{ item: note, draftOf, key: 'note', lists: ['notes', 'timeline'] },
    read: (id) => readNote(personId, id),
    patch: ({ id: noteId, version }, _, { text }) => {
      const params = { path: { id: personId, noteId }, header: { 'If-Match': `"v${version}"` } };
      return answerOf(api.PATCH('/v1/people/{id}/notes/{noteId}', { params, body: { text } }));
    },
  });
  async function save() {
    if (!edit.isDirty || (await edit.save())) onClose();
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    void save();
  }
  return (
    <form className="note-form" aria-label="Edit the note" onSubmit={submit} onKeyDown={onCtrlEnter(() => void save())}>
      {edit.clashes.length > 0 && (
        <ClashAlert who="This note was changed meanwhile" onReload={edit.reload} onOverwrite={() => void save()} />
      )}
      {edit.wrong !== undefined && (
        <Alert color="red" role="alert">
          {sentenceOf(edit.wrong)}
        </Alert>
      )}
      <Textarea
        aria-label="Note"
        required
        autosize
        autoFocus
        maxRows={16}
        maxLength={MOST}
        value={edit.draft.text}
        error={edit.fault('text')}
        onChange={({ currentTarget }) => edit.set({ text: currentTarget.value })}
      />
      <div className="buttons">
        <Button size="compact-md" variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button size="compact-md" type="submit" loading={edit.busy}>
          Save note
        </Button>
      </div>
    </form>
  );
}

const draftOf = ({ text }: Note) => ({ text });

function newKey(): string {
  return crypto.randomUUID?.() ?? String(Math.random());
}
