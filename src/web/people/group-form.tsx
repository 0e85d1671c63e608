import { Alert, Button, Modal, Switch, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answerOf, api } from '../api/client';
import { Problem, sentenceOf } from '../api/problem';
import { useToasts } from '../ui/toasts';
import type { Group } from './people-query';

interface FormProps {
  /** The one that is changed; none: a new one. */
  group?: Group | undefined;
  onClose(): void;
  onSaved(group: Group): void;
}

export function GroupForm(props: FormProps) {
  const title = props.group ? 'Rename the group' : 'New group';
  return (
    <Modal opened onClose={props.onClose} title={title} closeButtonProps={{ 'aria-label': 'Close' }}>
      <Fields {...props} />
    </Modal>
  );
}

function Fields({ group, onClose, onSaved }: FormProps) {
  const queries = useQueryClient();
  const { say } = useToasts();
  const [name, setName] = useState(group?.name ?? '');
  const [shared, setShared] = useState(false);
  const [wrong, setWrong] = useState<unknown>(undefined);
  const [busy, setBusy] = useState(false);
  // One key for one group, however often it is sent.
  const [key] = useState(() => crypto.randomUUID?.() ?? String(Math.random()));

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    try {
      const saved = group ? await renamed(group, name) : await created(name, shared, key);
      await queries.invalidateQueries({ queryKey: ['groups'] });
      say({ text: group ? 'The group is renamed.' : `The group “${saved.name}” is there.` });
      onSaved(saved);
    } catch (error) {
      setWrong(error);
      setBusy(false);
    }
  }
  const fault = wrong instanceof Problem ? wrong.of('name') : undefined;
  return (
    <form className="stack" onSubmit={(event) => void submit(event)}>
      {wrong !== undefined && fault === undefined && (
        <Alert color="red" role="alert">
          {sentenceOf(wrong)}
        </Alert>
      )}
      <TextInput
        label="Name"
        placeholder="Trade fair in March"
        required
        maxLength={100}
        data-autofocus
        value={name}
        error={fault}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      {!group && (
        <Switch
          label="Share it with the team"
          description="Of its people, everybody sees those whom they see anyway."
          checked={shared}
          onChange={({ currentTarget }) => setShared(currentTarget.checked)}
        />
      )}
      <div className="buttons">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={busy}>
          {group ? 'Rename' : 'Create group'}
        </Button>
      </div>
    </form>
  );
}

const created = (name: string, shared: boolean, key: string) =>
  answerOf(api.POST('/v1/groups', { body: { name, shared }, headers: { 'Idempotency-Key': key } }));

function renamed(group: Group, name: string) {
  const params = { path: { id: group.id }, header: { 'If-Match': `"v${group.version}"` } };
  return answerOf(api.PATCH('/v1/groups/{id}', { params, body: { name } }));
}
