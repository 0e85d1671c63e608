import { Alert, Button, Modal } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, api } from '../api/client';
import { sentenceOf } from '../api/problem';
import { PersonSelect } from '../tasks/person-select';
import { useToasts } from '../ui/toasts';
import { mergedLook, mergedSentences } from './merged-look';
import type { Person } from './people-query';
import { readPerson } from './queries';

interface MergeProps {
  /** Who stays. */
  person: Person;
  onClose(): void;
}

/** What shows anything of either of the two. */
const KEYS = ['people', 'groups', 'notes', 'unsubscribes', 'authorizations', 'timeline', 'tasks', 'emails'];

/** Two people turn out to be one: whom it is with, what becomes of them, and then it is done. */
export function MergePeople({ person, onClose }: MergeProps) {
  const queries = useQueryClient();
  const { say } = useToasts();
  const [otherId, setOtherId] = useState<string | null>(null);
  const [wrong, setWrong] = useState<unknown>(undefined);
  const [busy, setBusy] = useState(false);
  const isSame = otherId === person.id;
  const other = useQuery({
    queryKey: ['person', otherId],
    queryFn: () => readPerson(otherId ?? ''),
    enabled: otherId !== null && !isSame,
  });
  const goes = isSame ? undefined : other.data;

  async function merge({ id: from, name }: Person) {
    setBusy(true);
    setWrong(undefined);
    try {
      const sent = { params: { path: { id: person.id } }, body: { person_id: from } };
      const after = await answerOf(api.POST('/v1/people/{id}/merge', sent));
      onClose();
      say({ text: `${name} is ${after.name} now.` });
      queries.setQueryData(['person', person.id], after);
      queries.removeQueries({ queryKey: ['person', from] });
      await Promise.all(KEYS.map((key) => queries.invalidateQueries({ queryKey: [key] })));
    } catch (error) {
      setWrong(error);
      setBusy(false);
    }
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Merge with ${person.name}`}
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className="stack">
        {wrong !== undefined && (
          <Alert color="red" role="alert">
            {sentenceOf(wrong)}
          </Alert>
        )}
        <PersonSelect
          label={`Who is the same as ${person.name}?`}
          value={otherId}
          error={isSame ? 'That is the same person.' : other.isError ? sentenceOf(other.error) : undefined}
          onChange={setOtherId}
        />
        {goes && <Result stays={person} goes={goes} />}
        <div className="buttons">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button color="red" loading={busy} disabled={!goes} onClick={() => goes && void merge(goes)}>
            Merge
          </Button>
        </div>
      </div>
    </Modal>
  );
}

function Result({ stays, goes }: { stays: Person; goes: Person }) {
  return (
    <>
      <p>
        {stays.name} stays, {goes.name} goes. It cannot be undone.
      </p>
      <div className="table-scroll">
        <table className="table winning">
          <caption className="sr-only">What they are after it</caption>
          <tbody>
            {mergedLook(stays, goes).map(({ label, value, isTheirs, lost }) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                <td>
                  {value} {isTheirs && <span className="tag">from {goes.name}</span>}
                  {lost !== null && <div className="loses">{lost}</div>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <ul className="plain-list quiet">
        {mergedSentences(stays, goes).map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </>
  );
}
