import { Alert, Button, Modal, Select, SegmentedControl, Textarea, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { answerOf, api } from '../api/client';
import { Problem, sentenceOf } from '../api/problem';
import { useMe } from '../shell/use-me';
import { useToasts } from '../ui/toasts';
import type { Task } from './lists';
import { PersonSelect } from './person-select';
import { ReminderInput } from './reminder-input';
import type { Colleague } from './pickers';
import type { Priority, TaskType } from './views';

interface AddTaskProps {
  opened: boolean;
  onClose(): void;
  today: string;
  users: readonly Colleague[];
  /** What it follows up, and what it begins with. */
  after?: TaskAfter | undefined;
}

/** An email that a task follows up. */
export interface TaskAfter {
  emailId: string;
  type: TaskType;
  name: string;
  person: Task['person'];
}

const EMPTY = { name: '', type: 'custom' as TaskType, priority: 'normal' as Priority, details: '' };

export function AddTask({ opened, onClose, today, users, after }: AddTaskProps) {
  const me = useMe();
  const queries = useQueryClient();
  const { say } = useToasts();
  const [values, setValues] = useState(EMPTY);
  const [due, setDue] = useState(today);
  const [reminder, setReminder] = useState('');
  const [person, setPerson] = useState<string | null>(null);
  const [assignee, setAssignee] = useState<string | null>(null);
  const [wrong, setWrong] = useState<unknown>(undefined);
  const [busy, setBusy] = useState(false);
  // One key for one task, however often it is sent: a lost answer must not make a second one.
  const key = useRef('');
  useEffect(() => {
    if (!opened) return;
    key.current = crypto.randomUUID?.() ?? String(Math.random());
    setValues({ ...EMPTY, ...(after && { name: after.name, type: after.type }) });
    setDue(today);
    setReminder('');
    setPerson(after?.person?.id ?? null);
    setAssignee(null);
    setWrong(undefined);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- a day that begins meanwhile must not empty the form
  }, [opened]);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setWrong(undefined);
    const { details, ...rest } = values;
    const body = {
      ...rest,
      due_date: due === '' ? null : due,
      ...(details !== '' && { details }),
      ...(reminder !== '' && { reminder_at: reminder }),
      ...(after ? { person_id: person } : person !== null && { person_id: person }),
      ...(assignee !== null && { assignee_id: assignee }),
    };
    try {
      const headers = { 'Idempotency-Key': key.current };
      const task = await answerOf(
        after
          ? api.POST('/v1/emails/{id}/tasks', { params: { path: { id: after.emailId } }, body, headers })
          : api.POST('/v1/tasks', { body, headers }),
      );
      say({ text: `“${task.name}” added.` });
      onClose();
      await Promise.all(
        ['tasks', 'counts', 'emails', 'email', 'timeline'].map((name) =>
          queries.invalidateQueries({ queryKey: [name] }),
        ),
      );
    } catch (error) {
      setWrong(error);
    } finally {
      setBusy(false);
    }
  }

  const fault = (field: string) => (wrong instanceof Problem ? wrong.of(field) : undefined);
  return (
    <Modal opened={opened} onClose={onClose} title="Add task" size="lg" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form className="stack" onSubmit={(event) => void submit(event)}>
        {wrong !== undefined && (
          <Alert color="red" role="alert">
            {sentenceOf(wrong)}
          </Alert>
        )}
        <TextInput
          label="What is to be done"
          required
          maxLength={1000}
          data-autofocus
          value={values.name}
          error={fault('name')}
          onChange={({ currentTarget }) => setValues({ ...values, name: currentTarget.value })}
        />
        <div className="two">
          <div>
            <span className="label" id="add-type">
              Type
            </span>
            <SegmentedControl
              aria-labelledby="add-type"
              fullWidth
              value={values.type}
              onChange={(type) => setValues({ ...values, type: type })}
              data={[
                { value: 'custom', label: 'Task' },
                { value: 'call', label: 'Call' },
                { value: 'email', label: 'Email' },
                { value: 'inmail', label: 'InMail' },
              ]}
            />
          </div>
          <div>
            <span className="label" id="add-priority">
              Priority
            </span>
            <SegmentedControl
              aria-labelledby="add-priority"
              fullWidth
              value={values.priority}
              onChange={(priority) => setValues({ ...values, priority: priority })}
              data={[
                { value: 'low', label: 'Low' },
                { value: 'normal', label: 'Normal' },
                { value: 'high', label: 'High' },
              ]}
            />
          </div>
        </div>
        <div className="two">
          <TextInput
            type="date"
            label="Due"
            value={due}
            error={fault('due_date')}
            onChange={({ currentTarget }) => setDue(currentTarget.value)}
          />
          <Select
            label="Assignee"
            placeholder={me.user?.name ?? 'Me'}
            searchable
            clearable
            data={users.map(({ id, name }) => ({ value: id, label: name }))}
            value={assignee}
            error={fault('assignee_id')}
            onChange={setAssignee}
          />
        </div>
        <div className="two">
          <PersonSelect value={person} present={after?.person ?? null} onChange={setPerson} />
          <ReminderInput value={reminder} error={fault('reminder_at')} onChange={setReminder} />
        </div>
        <Textarea
          label="Details"
          description="Talking notes: they are shown when you do it."
          autosize
          minRows={2}
          maxRows={8}
          value={values.details}
          error={fault('details')}
          onChange={({ currentTarget }) => setValues({ ...values, details: currentTarget.value })}
        />
        <div className="buttons">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy}>
            Add task
          </Button>
        </div>
      </form>
    </Modal>
  );
}
