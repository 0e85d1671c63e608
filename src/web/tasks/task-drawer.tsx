import { Alert, Button, Drawer, Select, Skeleton, Textarea, TextInput } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { answerOf, api } from '../api/client';
import { Problem, sentenceOf } from '../api/problem';
import { useToasts } from '../ui/toasts';
import type { Act, Task } from './cache';
import { History } from './history';
import type { Colleague } from './pickers';
import { SyncState } from './sync-state';

interface DrawerProps {
  id: string | undefined;
  onClose(): void;
  today: string;
  users: readonly Colleague[];
  perform(act: Act, tasks: readonly Task[]): Promise<void>;
}

export function TaskDrawer({ id, onClose, users, perform }: DrawerProps) {
  const task = useQuery({
    queryKey: ['task', id],
    queryFn: () => answerOf(api.GET('/v1/tasks/{id}', { params: { path: { id: id ?? '' } } })),
    enabled: id !== undefined,
  });
  return (
    <Drawer
      opened={id !== undefined}
      onClose={onClose}
      position="right"
      size="lg"
      title={task.data?.name ?? 'Task'}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {task.data ? (
        <Details key={task.data.id} task={task.data} users={users} perform={perform} onClose={onClose} />
      ) : task.isError ? (
        <Alert color="red" role="alert" title={task.error instanceof Problem ? task.error.title : undefined}>
          {sentenceOf(task.error)}
        </Alert>
      ) : (
        <Skeleton height={240} />
      )}
    </Drawer>
  );
}

type DetailsProps = Omit<DrawerProps, 'id' | 'today'> & { task: Task };

interface Draft {
  name: string;
  details: string;
  due_date: string;
  priority: Task['priority'];
  assignee_id: string;
}

const draftOf = (task: Task): Draft => ({
  name: task.name,
  details: task.details ?? '',
  due_date: task.due_date ?? '',
  priority: task.priority,
  assignee_id: task.assignee.id,
});

function Details({ task, users, perform, onClose }: DetailsProps) {
  const queries = useQueryClient();
  const { say } = useToasts();
  const [base, setBase] = useState(task);
  const [draft, setDraft] = useState(() => draftOf(task));
  const [wrong, setWrong] = useState<unknown>(undefined);
  const [busy, setBusy] = useState(false);
  const before = draftOf(base);
  const changed = (Object.keys(draft) as (keyof Draft)[]).filter((field) => draft[field] !== before[field]);

  // While nothing is being typed, what others change is simply shown.
  useEffect(() => {
    if (changed.length > 0 || task.version === base.version) return;
    setBase(task);
    setDraft(draftOf(task));
  }, [task, base.version, changed.length]);

  async function save(version: number | '*') {
    setBusy(true);
    setWrong(undefined);
    const value = (field: keyof Draft) => (draft[field] === '' ? null : draft[field]);
    const body = Object.fromEntries(changed.map((field) => [field, value(field)]));
    const ifMatch = version === '*' ? '*' : `"v${version}"`;
    try {
      const params = { path: { id: task.id }, header: { 'If-Match': ifMatch } };
      const saved = await answerOf(api.PATCH('/v1/tasks/{id}', { params, body }));
      setBase(saved);
      setDraft(draftOf(saved));
      queries.setQueryData(['task', task.id], saved);
      say({ text: 'Saved.' });
      await Promise.all(['tasks', 'counts', 'history'].map((key) => queries.invalidateQueries({ queryKey: [key] })));
    } catch (error) {
      setWrong(error);
      if (error instanceof Problem && error.code === 'version_mismatch') {
        await queries.invalidateQueries({ queryKey: ['task', task.id] });
      }
    } finally {
      setBusy(false);
    }
  }

  const fault = (field: string) => (wrong instanceof Problem ? wrong.of(field) : undefined);
  const outdated = wrong instanceof Problem && wrong.code === 'version_mismatch';
  const open = task.status === 'open';
  return (
    <div className="stack drawer">
      <div className="buttons buttons-left">
        <Button
          variant={open ? 'filled' : 'default'}
          onClick={() => {
            onClose();
            void perform({ action: open ? 'complete' : 'reopen' }, [task]);
          }}
        >
          {open ? 'Complete' : 'Open again'}
        </Button>
        {open && (
          <Button
            variant="default"
            onClick={() => {
              onClose();
              void perform({ action: 'skip' }, [task]);
            }}
          >
            Skip
          </Button>
        )}
        <Button
          variant="subtle"
          color="red"
          onClick={() => {
            onClose();
            void perform({ action: 'delete' }, [task]);
          }}
        >
          Delete
        </Button>
      </div>
      <SyncState task={task} />
      {wrong !== undefined && (
        <Alert
          color={outdated ? 'yellow' : 'red'}
          role="alert"
          title={wrong instanceof Problem ? wrong.title : undefined}
        >
          {sentenceOf(wrong)}
          {outdated && (
            <div className="buttons buttons-left">
              <Button
                size="compact-sm"
                variant="default"
                onClick={() => {
                  setBase(task);
                  setDraft(draftOf(task));
                  setWrong(undefined);
                }}
              >
                Take theirs
              </Button>
              <Button size="compact-sm" onClick={() => void save('*')}>
                Keep mine
              </Button>
            </div>
          )}
        </Alert>
      )}
      <TextInput
        label="Name"
        value={draft.name}
        error={fault('name')}
        onChange={({ currentTarget }) => setDraft({ ...draft, name: currentTarget.value })}
      />
      <div className="two">
        <TextInput
          type="date"
          label="Due"
          value={draft.due_date}
          error={fault('due_date')}
          onChange={({ currentTarget }) => setDraft({ ...draft, due_date: currentTarget.value })}
        />
        <Select
          label="Priority"
          allowDeselect={false}
          data={[
            { value: 'low', label: 'Low' },
            { value: 'normal', label: 'Normal' },
            { value: 'high', label: 'High' },
          ]}
          value={draft.priority}
          onChange={(priority) => setDraft({ ...draft, priority: priority as Task['priority'] })}
        />
      </div>
      <Select
        label="Assignee"
        searchable
        allowDeselect={false}
        data={withPresent(users, task).map(({ id, name }) => ({ value: id, label: name }))}
        value={draft.assignee_id}
        error={fault('assignee_id')}
        onChange={(id) => id && setDraft({ ...draft, assignee_id: id })}
      />
      <Textarea
        label="Details"
        autosize
        minRows={3}
        maxRows={14}
        value={draft.details}
        error={fault('details')}
        onChange={({ currentTarget }) => setDraft({ ...draft, details: currentTarget.value })}
      />
      {(task.person || task.what_name) && (
        <dl className="facts">
          {task.person && (
            <div>
              <dt>Person</dt>
              <dd>
                {task.person.name}
                {task.person.email && <span className="quiet"> {task.person.email}</span>}
              </dd>
            </div>
          )}
          {task.what_name && (
            <div>
              <dt>Related to</dt>
              <dd>{task.what_name}</dd>
            </div>
          )}
        </dl>
      )}
      {task.salesforce?.url && (
        <a href={task.salesforce.url} target="_blank" rel="noreferrer" className="outside">
          Open in Salesforce <IconExternalLink size={16} aria-hidden="true" />
        </a>
      )}
      {changed.length > 0 && (
        <div className="save-bar">
          <Button variant="default" onClick={() => setDraft(before)}>
            Discard
          </Button>
          <Button loading={busy} onClick={() => void save(base.version)}>
            Save
          </Button>
        </div>
      )}
      <History id={task.id} users={users} />
    </div>
  );
}

/** Whoever has it now may have left. */
function withPresent(users: readonly Colleague[], task: Task): readonly Colleague[] {
  return users.some(({ id }) => id === task.assignee.id) ? users : [task.assignee, ...users];
}
