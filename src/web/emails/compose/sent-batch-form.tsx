import { Alert, Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { Schemas } from '../../api/client';
import { Problem } from '../../api/problem';
import { attachedOf, attachedText } from '../../files/attached';
import { Attachments } from '../../files/attachments';
import { useMe } from '../../shell/use-me';
import { ClashAlert } from '../../ui/clash-alert';
import { Failed, PageLoading } from '../../ui/states';
import { useToasts } from '../../ui/toasts';
import { AskBefore } from '../ask-before';
import { emailsWords, fullTime } from '../email-words';
import type { Email } from '../folders';
import { expanded, useEmailActs } from '../use-email-acts';
import { BatchLook } from './batch-look';
import { BLANK_BATCH } from './batch';
import { IdentitySelect } from './identity-select';
import { Refusal } from './refusal';
import { SendDialog, type When } from './send-dialog';
import { laterOf } from './send-time';
import { TextFields } from './text-fields';
import { readSentBatch, type SentBatch, useSentBatch } from './use-sent-batch';
import { FIELD_LABELS } from './written';

/** All emails of a bulk send that have not left: one text and one time for all of them. */
export function SentBatchForm({ id, emailId }: { id: string; emailId: string }) {
  const query = useQuery({
    queryKey: ['email-batch', id, emailId],
    queryFn: () => readSentBatch(id, emailId),
  });
  // As it is now: what was read on an earlier visit may have been changed.
  if (query.isFetching && !query.isFetchedAfterMount) return <PageLoading />;
  if (!query.data) return <Failed error={query.error} retry={() => void query.refetch()} />;
  return <Form first={query.data} />;
}

function Form({ first }: { first: SentBatch }) {
  const me = useMe();
  const [, go] = useLocation();
  const { say } = useToasts();
  const { perform } = useEmailActs();
  const edit = useSentBatch(first);
  const { text, set, changed, clashes, wrong, busy } = edit;
  const { batch, email } = edit.base;
  const [when, setWhen] = useState<When>();
  const [isUploading, setUploading] = useState(false);
  const [asked, setAsked] = useState<{ action: 'delete'; emails: readonly Email[] }>();
  const waiting = batch.folders.scheduled;
  const fault = (field: string) => (wrong instanceof Problem ? wrong.of(field) : undefined);
  const people = email.person ? [{ ...email.person, time_zone: null }] : [];

  async function save(schedule?: Schemas['Schedule']) {
    const count = await edit.save(schedule);
    if (count === undefined) return;
    say({ text: `${emailsWords(count)} changed.` });
    go('/emails?folder=scheduled');
  }
  async function cancelAll() {
    const emails = await expanded([{ ...email, rolled_up: waiting }]);
    setAsked({ action: 'delete', emails });
  }
  return (
    <form className="compose-form" aria-label="Edit a bulk email" onSubmit={(event) => event.preventDefault()}>
      <div className="compose-main stack">
        {clashes.length > 0 && (
          <ClashAlert
            who={`Somebody changed ${clashes.map((field) => FIELD_LABELS[field]).join(' and ')} of this bulk email meanwhile`}
            onReload={edit.reload}
            onOverwrite={() => {
              edit.forgetClash();
              void save();
            }}
          />
        )}
        {wrong !== undefined && when === undefined && <Refusal error={wrong} />}
        <Alert
          color={batch.kind === 'select' ? 'yellow' : 'indigo'}
          title={`${emailsWords(waiting)} of this send ${waiting === 1 ? 'waits' : 'wait'}${
            email.send_at === null ? '' : `; this one leaves ${fullTime(email.send_at, me.time_zone)}`
          }`}
        >
          {batch.kind === 'select'
            ? 'What you change here counts for all of them, and overwrites what was written for single people.'
            : 'What you change here counts for all of them.'}
        </Alert>
        {!batch.text_known && (
          <Alert color="yellow" title="The text is not shown">
            An earlier version of Command Center did not keep what all of them say. They leave as they are, unless you
            write it anew: then this text and these files replace what each of them has.
          </Alert>
        )}
        <IdentitySelect
          value={text.identity_id}
          error={fault('identity_id')}
          onChange={(identity) => set({ identity_id: identity })}
        />
        <TextFields
          subject={text.subject}
          body={text.body}
          subjectError={fault('subject')}
          bodyError={fault('body')}
          onChange={set}
        />
        <Attachments
          value={attachedOf(text.attachments)}
          error={fault('attachments')}
          onChange={(attached) => set({ attachments: attachedText(attached) })}
          onBusy={setUploading}
        />
        <div className="compose-bar">
          <Button disabled={changed.length === 0 || isUploading} loading={busy} onClick={() => void save()}>
            Change all {waiting.toLocaleString('en')}
          </Button>
          <Button variant="default" disabled={isUploading} onClick={() => setWhen('later')}>
            Another time
          </Button>
          <Button variant="subtle" color="gray" onClick={() => void cancelAll()}>
            Cancel all of them
          </Button>
        </div>
      </div>
      <BatchLook
        batch={{
          ...{ ...BLANK_BATCH, ...text, template_id: email.template_id ?? '' },
          attachments: attachedOf(text.attachments),
        }}
        people={people}
        chosen={undefined}
        onChoose={() => undefined}
      />
      <SendDialog
        when={when}
        title="Another time for all of them"
        zones={{ own: me.time_zone, recipient: undefined }}
        begin={laterOf(email, me.time_zone)}
        busy={busy}
        wrong={wrong}
        onSend={(schedule) => void save(schedule)}
        onClose={() => {
          setWhen(undefined);
          edit.setWrong(undefined);
        }}
      />
      <AskBefore
        asked={asked}
        perform={async (...what) => {
          await perform(...what);
          go('/emails?folder=scheduled');
        }}
        onClose={() => setAsked(undefined)}
      />
    </form>
  );
}
