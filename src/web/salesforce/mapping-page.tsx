import { Button, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { answerOf, api, type Schemas } from '../api/client';
import { Failed, PageLoading } from '../ui/states';
import { useRun } from '../ui/use-run';
import { previewOf, TEMPLATE_FIELDS } from './template-preview';

type Settings = Schemas['TaskSyncSettingsDto'];

export function MappingPage() {
  const settings = useQuery({
    queryKey: ['sync', 'settings'],
    queryFn: () => answerOf(api.GET('/v1/salesforce/task-sync/settings')),
  });
  if (settings.isPending) return <PageLoading />;
  if (!settings.data) return <Failed error={settings.error} retry={() => void settings.refetch()} />;
  return <Form settings={settings.data} />;
}

function Form({ settings }: { settings: Settings }) {
  const [draft, setDraft] = useState(settings);
  useEffect(() => setDraft(settings), [settings]);
  const { run, busy } = useRun(['sync']);
  const changed = (Object.keys(draft) as (keyof Settings)[]).filter((name) => draft[name] !== settings[name]);
  const save = () => {
    const body = Object.fromEntries(changed.map((name) => [name, draft[name]]));
    return run(
      () => answerOf(api.PUT('/v1/salesforce/task-sync/settings', { body })),
      'Saved. It applies to what is sent from now on.',
    );
  };
  return (
    <form
      className="stack form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <TextInput
        label="Activity detail"
        description="What a task’s Subject in Salesforce says: text and fields."
        value={draft.subject_template}
        onChange={({ currentTarget }) => setDraft({ ...draft, subject_template: currentTarget.value })}
      />
      <div className="buttons buttons-left">
        {TEMPLATE_FIELDS.map((field) => (
          <Button
            key={field}
            size="compact-xs"
            variant="default"
            onClick={() => setDraft({ ...draft, subject_template: `${draft.subject_template}{{${field}}}` })}
          >
            {field}
          </Button>
        ))}
      </div>
      <p className="card preview" aria-live="polite">
        {previewOf(draft.subject_template) || <span className="quiet">Nothing: the Subject would be empty.</span>}
      </p>
      <Select
        label="When both sides change the same field"
        allowDeselect={false}
        data={[
          { value: 'latest', label: 'The later change wins' },
          { value: 'salesforce', label: 'Salesforce wins' },
          { value: 'command_center', label: 'Command Center wins' },
        ]}
        value={draft.conflict_policy}
        onChange={(value) => setDraft({ ...draft, conflict_policy: value as Settings['conflict_policy'] })}
      />
      <Select
        label="What a skipped task becomes in Salesforce"
        allowDeselect={false}
        data={[
          { value: 'completed', label: 'Completed' },
          { value: 'deleted', label: 'Deleted' },
          { value: 'status', label: 'A status of its own' },
        ]}
        value={draft.skipped_as}
        onChange={(value) => setDraft({ ...draft, skipped_as: value as Settings['skipped_as'] })}
      />
      {draft.skipped_as === 'status' && (
        <TextInput
          label="Status of a skipped task"
          value={draft.skipped_status ?? ''}
          onChange={({ currentTarget }) => setDraft({ ...draft, skipped_status: currentTarget.value || null })}
        />
      )}
      <div className="two">
        <TextInput
          label="Status of an open task"
          placeholder="The org’s default"
          value={draft.open_status ?? ''}
          onChange={({ currentTarget }) => setDraft({ ...draft, open_status: currentTarget.value || null })}
        />
        <TextInput
          label="Status of a completed task"
          placeholder="Completed"
          value={draft.completed_status ?? ''}
          onChange={({ currentTarget }) => setDraft({ ...draft, completed_status: currentTarget.value || null })}
        />
      </div>
      <div className="buttons buttons-left">
        <Button type="submit" disabled={changed.length === 0} loading={busy}>
          Save
        </Button>
      </div>
    </form>
  );
}
