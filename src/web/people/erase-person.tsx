import { Alert, Button, Modal, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answerOf, api } from '../api/client';
import { sentenceOf } from '../api/problem';
import { useToasts } from '../ui/toasts';
import type { Person } from './people-query';

interface EraseProps {
  person: Person;
  onClose(): void;
  onErased(): void;
}

/** What is kept of a person, by the first part of its key, and what shows them. */
const OWN = ['person', 'notes', 'unsubscribes', 'authorizations', 'timeline'];
const SHOWING = ['people', 'groups', 'tasks', 'emails', 'email-counts'];

/** For good, so the name is typed first. */
export function ErasePerson({ person, onClose, onErased }: EraseProps) {
  const queries = useQueryClient();
  const { say } = useToasts();
  const [typed, setTyped] = useState('');
  const [wrong, setWrong] = useState<unknown>(undefined);
  const [busy, setBusy] = useState(false);
  const isMeant = typed.trim().toLowerCase() === person.name.toLowerCase();

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!isMeant) return;
    setBusy(true);
    setWrong(undefined);
    try {
      const sent = { params: { path: { id: person.id } }, body: { confirm: typed } };
      await answerOf(api.POST('/v1/people/{id}/erase', sent));
    } catch (error) {
      setWrong(error);
      setBusy(false);
      return;
    }
    onErased();
    say({ text: 'The person is erased.' });
    // Not even this browser keeps them.
    for (const key of OWN) queries.removeQueries({ queryKey: [key, person.id] });
    await Promise.all(SHOWING.map((key) => queries.invalidateQueries({ queryKey: [key] })));
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Erase ${person.name}?`}
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form className="stack" onSubmit={(event) => void submit(event)}>
        {wrong !== undefined && (
          <Alert color="red" role="alert">
            {sentenceOf(wrong)}
          </Alert>
        )}
        <What person={person} />
        <TextInput
          label={`Type “${person.name}” to erase them`}
          autoComplete="off"
          data-autofocus
          value={typed}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        />
        <div className="buttons">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" color="red" loading={busy} disabled={!isMeant}>
            Erase for good
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function What({ person }: { person: Person }) {
  return (
    <>
      <div>
        <strong>Erased for good</strong>
        <ul className="plain-list">
          <li>Name, addresses, phone, own fields, notes, groups, Salesforce records and authorizations</li>
          <li>The text of emails to them; those that have not left are deleted</li>
          <li>Their rows in imported files, and people who were merged with them</li>
        </ul>
      </div>
      <div>
        <strong>Kept</strong>
        <ul className="plain-list">
          <li>Tasks, about nobody, with what colleagues wrote into them, and counts of emails</li>
          <li>
            {person.unsubscribed_at === null
              ? 'Nothing against writing to them again: unsubscribe them first if they want no emails'
              : 'That their addresses want no emails, as a mark in which nobody can read them'}
          </li>
          <li>In the audit log: that you did it, and when</li>
        </ul>
      </div>
    </>
  );
}
