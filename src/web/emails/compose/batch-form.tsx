import { Alert, Button } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { Schemas } from '../../api/client';
import { Problem } from '../../api/problem';
import { Attachments } from '../../files/attachments';
import { useMe } from '../../shell/use-me';
import { Confirm } from '../../ui/confirm';
import { useToasts } from '../../ui/toasts';
import { emailsWords, peopleWords } from '../email-words';
import { AddPeople } from './add-people';
import {
  type Batch,
  type BatchKind,
  recipientsOf,
  textFor,
  withCommonText,
  withoutPeople,
  withPeople,
  withText,
} from './batch';
import { BatchCheckResult, useBatchCheck } from './batch-check';
import { BatchLook } from './batch-look';
import { GroupSelect } from './group-select';
import { IdentitySelect } from './identity-select';
import { PeopleList } from './people-list';
import { Refusal } from './refusal';
import { SendDialog, type When } from './send-dialog';
import { TemplateSelect } from './template-select';
import { TextFields } from './text-fields';
import { useBatch, useRecipients } from './use-batch';

interface BatchFormProps {
  kind: BatchKind;
  /** What it begins with, and what was kept. */
  begin(kept: Batch): Batch;
}

/** Select and Send, or Group Email: each person gets an email of their own. */
export function BatchForm({ kind, begin }: BatchFormProps) {
  const me = useMe();
  const [, go] = useLocation();
  const { say } = useToasts();
  const { batch, setBatch, wrong, setWrong, busy, send, drop } = useBatch(kind, begin);
  const people = useRecipients(batch, kind);
  const [chosenId, setChosen] = useState<string>();
  const [when, setWhen] = useState<When>();
  const [asksDrop, setAsksDrop] = useState(false);
  const [isUploading, setUploading] = useState(false);
  const recipients = recipientsOf(batch, kind);
  const check = useBatchCheck(recipients);
  const result = recipients ? check.data : undefined;
  const chosen = batch.person_ids.find((id) => id === chosenId);
  const canSend = recipients !== undefined && result?.sendable !== 0 && !isUploading;
  const unsendable = new Map((result?.unsendable ?? []).map(({ person_id: id, reason }) => [id, reason.text]));
  const problem = wrong ?? (recipients ? check.error : undefined);
  const fault = (field: string) => (problem instanceof Problem ? problem.of(field) : undefined);
  const remove = kind === 'select' ? (ids: readonly string[]) => setBatch(withoutPeople(batch, ids)) : undefined;

  async function sendAll(schedule: Schemas['Schedule']) {
    const made = await send(schedule);
    if (!made) return;
    setWhen(undefined);
    say(madeWords(made));
    go('/emails?folder=scheduled');
  }
  return (
    <form className="compose-form" aria-label="Write to many" onSubmit={(event) => event.preventDefault()}>
      <div className="compose-main stack">
        {problem != null && when === undefined && <Refusal error={problem} />}
        {kind === 'group' ? (
          <GroupSelect
            value={batch.group_id}
            error={fault('group_id')}
            onChange={(id) => setBatch({ ...batch, group_id: id })}
          />
        ) : (
          <>
            <AddPeople
              chosen={batch.person_ids}
              error={fault('person_ids')}
              onAdd={(id) => setBatch((before) => withPeople(before, [id]))}
            />
            {people.length > 0 && (
              <PeopleList
                people={people}
                chosen={chosen}
                edited={new Set(Object.keys(batch.edits))}
                unsendable={unsendable}
                onChoose={setChosen}
                onRemove={(id) => setBatch(withoutPeople(batch, [id]))}
              />
            )}
          </>
        )}
        <div className="two">
          <IdentitySelect
            value={batch.identity_id}
            error={fault('identity_id')}
            onChange={(id) => setBatch({ ...batch, identity_id: id })}
          />
          <TemplateSelect
            value={batch.template_id}
            isWritten={batch.body.trim() !== '' || Object.keys(batch.edits).length > 0}
            error={fault('template_id')}
            onChoose={(template) => {
              if (!template) return setBatch({ ...batch, template_id: '' });
              const { id, subject, body, attachments } = template;
              setBatch({ ...withText(batch, undefined, { subject, body }), template_id: id, attachments });
            }}
          />
        </div>
        <BatchText batch={batch} chosen={chosen} people={people} problem={problem} onChange={setBatch} />
        <Attachments
          value={batch.attachments}
          error={fault('attachments')}
          onChange={(attachments) => setBatch((before) => ({ ...before, attachments }))}
          onBusy={setUploading}
        />
        {result && <BatchCheckResult check={result} onRemove={remove} />}
        <div className="compose-bar">
          <Button
            disabled={!canSend}
            leftSection={<IconSend size={17} aria-hidden="true" />}
            onClick={() => setWhen('now')}
          >
            Send now
          </Button>
          <Button variant="default" disabled={!canSend} onClick={() => setWhen('later')}>
            Schedule
          </Button>
          <Button variant="subtle" color="gray" onClick={() => setAsksDrop(true)}>
            Discard
          </Button>
          <span className="quiet save-state">Kept in this browser until it is sent</span>
        </div>
      </div>
      <BatchLook batch={batch} people={people} chosen={chosen} onChoose={setChosen} />
      <SendDialog
        when={when}
        title={when === 'now' ? 'Send now' : 'Schedule'}
        zones={{ own: me.time_zone, recipient: undefined }}
        busy={busy}
        wrong={wrong}
        onSend={(schedule) => void sendAll(schedule)}
        onClose={() => {
          setWhen(undefined);
          setWrong(undefined);
        }}
      >
        {result ? (
          <BatchCheckResult check={result} onRemove={remove} />
        ) : check.error ? (
          <Refusal error={check.error} />
        ) : (
          <p className="quiet">Looking who can be sent to …</p>
        )}
      </SendDialog>
      <Confirm
        opened={asksDrop}
        title="Discard what is written?"
        answers={[
          {
            label: 'Discard',
            color: 'red',
            run: () => {
              drop();
              go('/emails');
            },
          },
        ]}
        onClose={() => setAsksDrop(false)}
      >
        <p>It cannot be brought back.</p>
      </Confirm>
    </form>
  );
}

interface BatchTextProps {
  batch: Batch;
  chosen: string | undefined;
  people: readonly { id: string; name: string }[];
  problem: unknown;
  onChange(batch: Batch): void;
}

/** The text of everybody, or of one person alone. Changing that of everybody overwrites the others: that is asked first. */
function BatchText({ batch, chosen, people, problem, onChange }: BatchTextProps) {
  const own = Object.keys(batch.edits).length;
  const name = people.find(({ id }) => id === chosen)?.name;
  const isLocked = chosen === undefined && own > 0;
  const fault = (field: string) => (chosen === undefined && problem instanceof Problem ? problem.of(field) : undefined);
  return (
    <>
      {chosen !== undefined && (
        <Alert color="indigo" title={`For ${name ?? 'this person'} alone`}>
          <p>What you change here, the others do not get.</p>
          {batch.edits[chosen] && (
            <Button size="compact-md" variant="default" onClick={() => onChange(withCommonText(batch, chosen))}>
              Take the text of everybody
            </Button>
          )}
        </Alert>
      )}
      {isLocked && (
        <Alert color="yellow" title={`${peopleWords(own)} ${own === 1 ? 'has a text' : 'have texts'} of their own`}>
          <p>Changing the text of everybody overwrites what was written for single people.</p>
          <Button size="compact-md" variant="default" onClick={() => onChange({ ...batch, edits: {} })}>
            Overwrite, and change it for all
          </Button>
        </Alert>
      )}
      <TextFields
        {...textFor(batch, chosen)}
        readOnly={isLocked}
        subjectError={fault('subject')}
        bodyError={fault('body')}
        onChange={(change) => onChange(withText(batch, chosen, change))}
      />
    </>
  );
}

function madeWords({ emails, folders }: Schemas['EmailBatchView']): { text: string; kind?: 'error' } {
  const { failed } = folders;
  const rest = emails - failed;
  if (failed === 0) return { text: `${emailsWords(rest)} on the way.` };
  const text = `${emailsWords(rest)} on the way; ${emailsWords(failed)} filed under Failed, each with the reason.`;
  return rest === 0 ? { text, kind: 'error' } : { text };
}
