import { Alert, Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { answerOf, api, type Schemas } from '../../api/client';
import { Problem } from '../../api/problem';
import { attachedOf, attachedText, attachmentInputs } from '../../files/attached';
import { Attachments } from '../../files/attachments';
import { useMe } from '../../shell/use-me';
import { Failed, PageLoading } from '../../ui/states';
import { useToasts } from '../../ui/toasts';
import { changedFields } from '../../ui/rebase';
import { AskBefore } from '../ask-before';
import { emailsWords, fullTime } from '../email-words';
import type { Email, EmailDetail } from '../folders';
import { EMAIL_KEYS } from '../queries';
import { expanded, useEmailActs } from '../use-email-acts';
import { BatchLook } from './batch-look';
import { BLANK_BATCH } from './batch';
import { IdentitySelect } from './identity-select';
import { Refusal } from './refusal';
import { SendDialog, type When } from './send-dialog';
import { laterOf } from './send-time';
import { TextFields } from './text-fields';

/** All emails of a bulk send that have not left: one text and one time for all of them. */
export function SentBatchForm({ email }: { email: EmailDetail & { batch_id: string } }) {
  const id = email.batch_id;
  const batch = useQuery({
    queryKey: ['email-batch', id],
    queryFn: () => answerOf(api.GET('/v1/email-batches/{id}', { params: { path: { id } } })),
  });
  if (batch.isPending) return <PageLoading />;
  if (!batch.data) return <Failed error={batch.error} retry={() => void batch.refetch()} />;
  return <Form email={email} batch={batch.data} />;
}

function Form({ email, batch }: { email: EmailDetail & { batch_id: string }; batch: Schemas['EmailBatchView'] }) {
  const me = useMe();
  const [, go] = useLocation();
  const { say } = useToasts();
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const { perform } = useEmailActs();
  const begin = {
    ...{ subject: email.subject, body: email.body, identity_id: email.identity_id ?? '' },
    attachments: attachedText(email.attachments),
  };
  const [text, setText] = useState(begin);
  const [when, setWhen] = useState<When>();
  const [wrong, setWrong] = useState<unknown>(undefined);
  const [asked, setAsked] = useState<{ action: 'delete'; emails: readonly Email[] }>();
  const changed = changedFields(begin, text);
  const waiting = batch.folders.scheduled;
  const fault = (field: string) => (wrong instanceof Problem ? wrong.of(field) : undefined);
  const people = email.person ? [{ ...email.person, time_zone: null }] : [];

  async function save(schedule?: Schemas['Schedule']) {
    setWrong(undefined);
    setBusy(true);
    const body = {
      ...Object.fromEntries(changed.map((field) => [field, text[field]])),
      ...(changed.includes('attachments') && { attachments: attachmentInputs(attachedOf(text.attachments)) }),
      ...(schedule && { schedule }),
    };
    const params = { path: { id: batch.id } };
    try {
      const after = await answerOf(api.PATCH('/v1/email-batches/{id}', { params, body }));
      say({ text: `${emailsWords(after.changed)} changed.` });
      void Promise.all([...EMAIL_KEYS, 'email-batch'].map((key) => queries.invalidateQueries({ queryKey: [key] })));
      go('/emails?folder=scheduled');
    } catch (error) {
      setWrong(error);
    } finally {
      setBusy(false);
    }
  }
  async function cancelAll() {
    const emails = await expanded([{ ...email, rolled_up: waiting }]);
    setAsked({ action: 'delete', emails });
  }
  return (
    <form className="compose-form" aria-label="Edit a bulk email" onSubmit={(event) => event.preventDefault()}>
      <div className="compose-main stack">
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
        <IdentitySelect
          value={text.identity_id}
          error={fault('identity_id')}
          onChange={(identity) => setText({ ...text, identity_id: identity })}
        />
        <TextFields
          subject={text.subject}
          body={text.body}
          subjectError={fault('subject')}
          bodyError={fault('body')}
          onChange={(change) => setText({ ...text, ...change })}
        />
        <Attachments
          value={attachedOf(text.attachments)}
          error={fault('attachments')}
          onChange={(attached) => setText((before) => ({ ...before, attachments: attachedText(attached) }))}
        />
        <div className="compose-bar">
          <Button disabled={changed.length === 0} loading={busy} onClick={() => void save()}>
            Change all {waiting.toLocaleString('en')}
          </Button>
          <Button variant="default" onClick={() => setWhen('later')}>
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
          setWrong(undefined);
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
