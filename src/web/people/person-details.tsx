import { Alert, Button, TextInput } from '@mantine/core';
import type { KeyboardEvent } from 'react';
import { answerOf, api } from '../api/client';
import { Problem, sentenceOf } from '../api/problem';
import { ClashAlert } from '../ui/clash-alert';
import { useEdit } from '../ui/use-edit';
import { CustomFields } from './custom-fields';
import type { Person } from './people-query';
import { PersonActions } from './person-actions';
import { PersonAddresses } from './person-addresses';
import { PersonAuthorization } from './person-authorization';
import { aligned, bodyOf, draftOf, fieldWords, type PersonDraft } from './person-draft';
import { PersonGroups } from './person-groups';
import { PersonNotes } from './person-notes';
import { PersonTimeline } from './person-timeline';
import { readPerson } from './queries';
import { Standing } from './person-standing';
import { SalesforceActivity } from './salesforce-activity';
import { TimeZoneSelect } from './time-zone-select';
import { Unsubscribing } from './unsubscribing';

interface DetailsProps {
  person: Person;
  onClose(): void;
  onAddToGroup(id: string): void;
}

export function PersonDetails({ person, onClose, onAddToGroup }: DetailsProps) {
  const edit = useEdit<Person, PersonDraft>({
    ...{ item: person, draftOf, aligned, patch, read: readPerson, key: 'person', lists: ['people'] },
  });
  const { draft, isDirty, clashes, wrong, busy, set, save, reload, fault } = edit;
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void save();
    // Out of a field first; a second Escape closes.
    if (event.key !== 'Escape' || !(event.target instanceof HTMLElement)) return;
    if (event.target.closest('input, textarea')) event.target.blur();
  }
  const input = (field: string, label: string, placeholder?: string) => (
    <TextInput
      label={label}
      {...(placeholder !== undefined && { placeholder })}
      value={draft[field] ?? ''}
      error={fault(field)}
      onChange={({ currentTarget }) => set({ [field]: currentTarget.value })}
    />
  );
  const [first = '', ...last] = (draft.name ?? '').trim().split(/\s+/);
  return (
    <div className="details" onKeyDown={onKeyDown}>
      <PersonActions person={person} onAddToGroup={() => onAddToGroup(person.id)} onClose={onClose} />
      <TextInput
        aria-label="Name"
        variant="unstyled"
        className="person-name"
        value={draft.name ?? ''}
        error={fault('name')}
        onKeyDown={(event) => event.key === 'Enter' && void save()}
        onChange={({ currentTarget }) => set({ name: currentTarget.value })}
      />
      {clashes.length > 0 && (
        <ClashAlert
          who={`Somebody changed ${fieldWords(clashes)} meanwhile`}
          onReload={reload}
          onOverwrite={() => void save()}
        />
      )}
      {wrong !== undefined && (
        <Alert color="red" role="alert" title={wrong instanceof Problem ? wrong.title : undefined}>
          {sentenceOf(wrong)}
        </Alert>
      )}
      <Unsubscribing person={person} />
      {input('email', 'Email address')}
      <PersonAddresses person={person} />
      <div className="two">
        {input('company', 'Company')}
        {input('title', 'Title')}
        {input('first_name', 'First name', first)}
        {input('last_name', 'Last name', last.join(' '))}
        {input('phone', 'Phone')}
        {input('source', 'Source', 'Trade fair, website …')}
        <TimeZoneSelect
          value={draft.time_zone ?? ''}
          error={fault('time_zone')}
          onChange={(zone) => set({ time_zone: zone })}
        />
      </div>
      <CustomFields draft={draft} fault={fault('custom')} set={set} />
      <Standing person={person} draft={draft} fault={fault} set={set} />
      <PersonGroups person={person} />
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
      <PersonNotes personId={person.id} />
      <PersonAuthorization person={person} />
      <PersonTimeline id={person.id} name={person.name} />
      {person.salesforce_records.length > 0 && <SalesforceActivity id={person.id} />}
      <button type="button" className="sr-only" onClick={onClose}>
        Close the person
      </button>
    </div>
  );
}

function patch({ id, version }: Person, before: PersonDraft, after: PersonDraft): Promise<Person> {
  const params = { path: { id }, header: { 'If-Match': `"v${version}"` } };
  return answerOf(api.PATCH('/v1/people/{id}', { params, body: bodyOf(before, after) }));
}
