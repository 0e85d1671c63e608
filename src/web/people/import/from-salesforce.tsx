import { Alert, Button, Checkbox, Select, Switch, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { answerOf, api } from '../../api/client';
import { Problem, sentenceOf } from '../../api/problem';
import { useMe } from '../../shell/use-me';
import { useTitle } from '../../ui/use-title';
import { type Asked, countWords, inputOf, NOTHING_ASKED } from './in-salesforce';
import { SourceTabs } from './source-tabs';
import { Steps } from './steps';

/** Which leads and contacts are read: one's own, some of them, or those of a list view. */
export function FromSalesforce() {
  useTitle('Import · People');
  const [, go] = useLocation();
  const { role } = useMe();
  const [asked, setAsked] = useState<Asked>(NOTHING_ASKED);
  const [wrong, setWrong] = useState<unknown>(undefined);
  const [busy, setBusy] = useState(false);
  const set = (change: Partial<Asked>) => setAsked((before) => ({ ...before, ...change }));
  const input = inputOf(asked);
  const [counted] = useDebouncedValue(input, 500);
  const count = useQuery({
    queryKey: ['people-in-salesforce', counted],
    queryFn: () => answerOf(api.POST('/v1/salesforce/people-imports/count', { body: counted ?? { objects: [] } })),
    enabled: counted !== undefined,
    placeholderData: keepPreviousData,
    retry: false,
  });
  const problem = wrong ?? (input === undefined ? undefined : (count.error ?? undefined));
  const total = Object.values(count.data ?? {}).reduce((sum, n) => sum + n, 0);

  async function read() {
    if (!input) return;
    setBusy(true);
    setWrong(undefined);
    try {
      const { id } = await answerOf(api.POST('/v1/salesforce/people-imports', { body: input }));
      go(`/people/import/${id}`, { replace: true });
    } catch (error) {
      setWrong(error);
      setBusy(false);
    }
  }
  return (
    <Steps at={0}>
      <SourceTabs present="salesforce" />
      {problem !== undefined && (
        <Alert color="red" role="alert" title={problem instanceof Problem ? problem.title : undefined}>
          {sentenceOf(problem)}
        </Alert>
      )}
      <fieldset className="plain-fieldset">
        <legend className="label">What is read</legend>
        <div className="two">
          <Checkbox
            label="Leads"
            description="Converted ones are contacts"
            checked={asked.leads}
            onChange={({ currentTarget }) => set({ leads: currentTarget.checked, listView: null })}
          />
          <Checkbox
            label="Contacts"
            checked={asked.contacts}
            onChange={({ currentTarget }) => set({ contacts: currentTarget.checked, listView: null })}
          />
        </div>
      </fieldset>
      {role === 'admin' && (
        <Switch
          label="Of whatever owner"
          description="Switched off, only those that you own in Salesforce are read."
          checked={asked.ofAnybody}
          onChange={({ currentTarget }) => set({ ofAnybody: currentTarget.checked })}
        />
      )}
      <div className="two">
        <ListViewSelect asked={asked} onChange={(listView) => set({ listView })} />
        <TextInput
          type="date"
          label="Made since"
          value={asked.since}
          onChange={({ currentTarget }) => set({ since: currentTarget.value })}
        />
        <TextInput
          label="Company has"
          maxLength={100}
          value={asked.company}
          onChange={({ currentTarget }) => set({ company: currentTarget.value })}
        />
        <TextInput
          label="Title has"
          maxLength={100}
          value={asked.title}
          onChange={({ currentTarget }) => set({ title: currentTarget.value })}
        />
      </div>
      <p role="status">{input === undefined ? 'Choose leads, contacts, or both.' : countWords(count.data)}</p>
      <div className="buttons buttons-left">
        <Button disabled={input === undefined || total === 0} loading={busy} onClick={() => void read()}>
          Read them
        </Button>
      </div>
      <p className="quiet">Nobody is imported yet: next you see what was read, and may try it first.</p>
    </Steps>
  );
}

/** Of one object only: a list view is of leads, or of contacts. */
function ListViewSelect({ asked, onChange }: { asked: Asked; onChange(id: string | null): void }) {
  const object = asked.leads === asked.contacts ? undefined : asked.leads ? 'Lead' : 'Contact';
  const views = useQuery({
    queryKey: ['list-views', object],
    queryFn: () =>
      answerOf(
        api.GET('/v1/salesforce/people-imports/list-views', { params: { query: { object: object ?? 'Lead' } } }),
      ),
    enabled: object !== undefined,
    retry: false,
  });
  return (
    <Select
      label="List view in Salesforce"
      placeholder={object === undefined ? 'Of leads or of contacts alone' : 'None'}
      disabled={object === undefined}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': 'No list view' }}
      data={(views.data?.data ?? []).map(({ id, label }) => ({ value: id, label }))}
      value={asked.listView}
      error={views.error ? sentenceOf(views.error) : undefined}
      onChange={onChange}
    />
  );
}
