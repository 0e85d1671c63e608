import { ActionIcon, Alert, Button, Menu, Select, Textarea, TextInput } from '@mantine/core';
import { IconDots, IconX } from '@tabler/icons-react';
import type { KeyboardEvent } from 'react';
import { Problem, sentenceOf } from '../api/problem';
import { Clash } from './clash';
import { dueWords } from './due';
import { History } from './history';
import type { Task } from './lists';
import { PersonSelect } from './person-select';
import { ReminderInput } from './reminder-input';
import { PRIORITY_NAMES, TYPE_NAMES } from './names';
import { SyncState } from './sync-state';
import type { PanelProps } from './task-panel';
import { useTaskEdit } from './use-task-edit';

const options = (names: Readonly<Record<string, string>>) =>
  Object.entries(names).map(([value, label]) => ({ value, label }));

export function TaskDetails(props: PanelProps & { task: Task }) {
  const { task, today, users, onClose } = props;
  const { draft, isDirty, clashes, wrong, busy, set, save, reload } = useTaskEdit(task);
  const fault = (field: string) => (wrong instanceof Problem ? wrong.of(field) : undefined);
  const due = dueWords(draft.due_date || null, today);

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void save();
    // Out of a field first; a second Escape closes.
    if (event.key !== 'Escape' || !(event.target instanceof HTMLElement)) return;
    if (event.target.closest('input, textarea')) event.target.blur();
  }
  return (
    <div className="details" onKeyDown={onKeyDown}>
      <Actions {...props} />
      <Textarea
        aria-label="Name"
        variant="unstyled"
        className="details-name"
        autosize
        maxRows={5}
        value={draft.name}
        error={fault('name')}
        // A name is one line: Enter saves it.
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          event.preventDefault();
          void save();
        }}
        onChange={({ currentTarget }) => set({ name: currentTarget.value.replaceAll('\n', ' ') })}
      />
      <SyncState task={task} />
      {clashes.length > 0 && <Clash task={task} fields={clashes} onReload={reload} onOverwrite={() => void save()} />}
      {wrong !== undefined && (
        <Alert color="red" role="alert" title={wrong instanceof Problem ? wrong.title : undefined}>
          {sentenceOf(wrong)}
        </Alert>
      )}
      <div className="two">
        <TextInput
          type="date"
          label={
            <>
              Due <span className={`due-${due.tone} due-hint`}>{draft.due_date && due.text}</span>
            </>
          }
          value={draft.due_date}
          error={fault('due_date')}
          onChange={({ currentTarget }) => set({ due_date: currentTarget.value })}
        />
        <Select
          label="Priority"
          allowDeselect={false}
          data={options(PRIORITY_NAMES)}
          value={draft.priority}
          onChange={(priority) => priority && set({ priority: priority as Task['priority'] })}
        />
        <Select
          label="Type"
          allowDeselect={false}
          data={options(TYPE_NAMES)}
          value={draft.type}
          onChange={(type) => type && set({ type: type as Task['type'] })}
        />
        <Select
          label="Assignee"
          searchable
          allowDeselect={false}
          data={[...(users.some(({ id }) => id === task.assignee.id) ? [] : [task.assignee]), ...users].map(
            ({ id, name }) => ({ value: id, label: name }),
          )}
          value={draft.assignee_id}
          error={fault('assignee_id')}
          onChange={(id) => id && set({ assignee_id: id })}
        />
      </div>
      <ReminderInput
        value={draft.reminder_at}
        error={fault('reminder_at')}
        onChange={(reminderAt) => set({ reminder_at: reminderAt })}
      />
      <PersonSelect
        value={draft.person_id || null}
        present={task.person}
        error={fault('person_id')}
        onChange={(id) => set({ person_id: id ?? '' })}
      />
      <Facts task={task} />
      <Textarea
        label="Details"
        description="Talking notes"
        autosize
        minRows={3}
        maxRows={14}
        value={draft.details}
        error={fault('details')}
        onChange={({ currentTarget }) => set({ details: currentTarget.value })}
      />
      {draft.type === 'call' && (
        <div className="two">
          <TextInput
            label="Call outcome"
            maxLength={255}
            value={draft.call_outcome}
            error={fault('call_outcome')}
            onChange={({ currentTarget }) => set({ call_outcome: currentTarget.value })}
          />
          <TextInput
            label="Call reason"
            maxLength={255}
            value={draft.call_reason}
            error={fault('call_reason')}
            onChange={({ currentTarget }) => set({ call_reason: currentTarget.value })}
          />
        </div>
      )}
      <History id={task.id} users={users} />
      {isDirty && (
        <div className="save-bar">
          <span className="quiet">Ctrl+Enter saves</span>
          <Button variant="default" onClick={reload}>
            Discard
          </Button>
          <Button loading={busy} onClick={() => void save()}>
            Save
          </Button>
        </div>
      )}
      <button type="button" className="sr-only" onClick={onClose}>
        Close the task
      </button>
    </div>
  );
}

function Actions({ task, onDone, onSkip, onSnooze, onWake, onDelete, onClose }: PanelProps & { task: Task }) {
  const isOpen = task.status === 'open';
  const sleeps = task.snoozed_until !== null && new Date(task.snoozed_until) > new Date();
  return (
    <div className="details-actions">
      <Button variant={isOpen ? 'filled' : 'default'} onClick={() => onDone(task)}>
        {isOpen ? 'Complete' : 'Open again'}
      </Button>
      {isOpen && (
        <Button variant="default" onClick={() => (sleeps ? onWake(task) : onSnooze(task))}>
          {sleeps ? 'Wake' : 'Snooze'}
        </Button>
      )}
      <Menu position="bottom-start" withinPortal={false}>
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label="More actions">
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {isOpen && <Menu.Item onClick={() => onSkip(task)}>Skip</Menu.Item>}
          <Menu.Item color="red" onClick={() => onDelete(task)}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={36}
        className="details-close"
        aria-label="Close"
        onClick={onClose}
      >
        <IconX size={20} />
      </ActionIcon>
    </div>
  );
}

/** What is known of it that is not edited here. */
function Facts({ task }: { task: Task }) {
  const { salesforce, what_name: related, snoozed_until: snoozed, closed_at: closed } = task;
  const time = (at: string) => new Date(at).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
  const facts: [string, string][] = [
    ...(related ? [['Related to', related] as [string, string]] : []),
    ...(snoozed !== null && new Date(snoozed) > new Date()
      ? [['Snoozed until', time(snoozed)] as [string, string]]
      : []),
    ...(closed ? [[task.status === 'skipped' ? 'Skipped' : 'Completed', time(closed)] as [string, string]] : []),
    ...(salesforce?.status && salesforce.state === 'synced'
      ? [['Status in Salesforce', salesforce.status] as [string, string]]
      : []),
  ];
  if (facts.length === 0) return null;
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
