import { Alert, Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { answerOf, api, type Schemas } from '../../api/client';
import { Problem } from '../../api/problem';
import { useMe } from '../../shell/use-me';
import { attachedOf, attachedText, attachmentInputs } from '../../files/attached';
import { Attachments } from '../../files/attachments';
import { PersonSelect } from '../../tasks/person-select';
import { useToasts } from '../../ui/toasts';
import { fullTime } from '../email-words';
import type { EmailDetail } from '../folders';
import { Preview } from '../preview';
import { Clash } from './clash';
import { Copies } from './copies';
import { IdentitySelect } from './identity-select';
import { Refusal } from './refusal';
import { SendDialog, type When } from './send-dialog';
import { laterOf } from './send-time';
import { SingleBar } from './single-bar';
import { TemplateSelect } from './template-select';
import { TextFields } from './text-fields';
import { useDraft } from './use-draft';
import { isDraft, type Written } from './written';

interface SingleFormProps {
  /** What is edited; undefined: a new one. */
  email: EmailDetail | undefined;
  /** What a new one begins with. */
  begin: Partial<Written>;
  onMade(email: EmailDetail): void;
}

/** An email to one person: a draft, or one that is scheduled. */
export function SingleForm({ email, begin, onMade }: SingleFormProps) {
  const me = useMe();
  const [, go] = useLocation();
  const { say } = useToasts();
  const draft = useDraft({ email, begin, onMade });
  const { base, written, set, wrong, clashes } = draft;
  const [when, setWhen] = useState<When>();
  const [busy, setBusy] = useState(false);
  const [isUploading, setUploading] = useState(false);
  const [hasCopies, setHasCopies] = useState(written.cc !== '' || written.bcc !== '');
  const person = useQuery({
    queryKey: ['person', written.person_id],
    queryFn: () => answerOf(api.GET('/v1/people/{id}', { params: { path: { id: written.person_id } } })),
    enabled: written.person_id !== '',
  });
  const isScheduled = base?.state === 'scheduled';
  const isOfMany = base !== undefined && base.kind !== 'single';

  async function send(schedule: Schemas['Schedule']): Promise<void> {
    setBusy(true);
    draft.setWrong(undefined);
    try {
      const saved = await draft.save(isScheduled ? schedule : undefined);
      if (!saved) return;
      const sent = isScheduled ? saved : await dispatch(saved.id, schedule);
      draft.takeIn(sent);
      setWhen(undefined);
      say(sentWords(sent));
      go(`/emails?folder=${sent.folder ?? 'scheduled'}`);
    } catch (error) {
      draft.setWrong(error);
      // Who is not there, or what is wrong with the text, is behind the dialog.
      if (error instanceof Problem && !isOfTime(error)) setWhen(undefined);
    } finally {
      setBusy(false);
    }
  }
  const fault = (field: string) => (wrong instanceof Problem ? wrong.of(field) : undefined);
  const canSend = isDraft(written) && clashes.length === 0 && !isUploading;
  return (
    <form
      className="compose-form"
      aria-label={isScheduled ? 'Edit the scheduled email' : 'Write an email'}
      onSubmit={(event) => event.preventDefault()}
    >
      <div className="compose-main stack">
        {wrong !== undefined && when === undefined && clashes.length === 0 && <Refusal error={wrong} />}
        {base && clashes.length > 0 && (
          <Clash id={base.id} fields={clashes} onReload={draft.reload} onOverwrite={draft.overwrite} />
        )}
        {isScheduled && base.send_at !== null && (
          <Alert color="indigo" title={`Leaves ${fullTime(base.send_at, me.time_zone)}`}>
            Changes count once you save them.
          </Alert>
        )}
        <div className="two">
          {isOfMany ? (
            <Alert color="gray" title={`To ${base.to_name}`}>
              <p>One email of a Select and Send: what you change here is for this person alone.</p>
              <Link href={`/emails/compose?id=${base.id}&all=true`}>Change all of this send</Link>
            </Alert>
          ) : (
            <PersonSelect
              label="To"
              value={written.person_id || null}
              present={person.data ?? base?.person ?? null}
              error={fault('person_id')}
              onChange={(id) => set({ person_id: id ?? '' })}
            />
          )}
          <IdentitySelect
            value={written.identity_id}
            error={fault('identity_id')}
            onChange={(id) => set({ identity_id: id })}
          />
        </div>
        {hasCopies ? (
          <div className="two">
            <Copies label="Cc" value={written.cc} error={fault('cc')} onChange={(cc) => set({ cc })} />
            <Copies label="Bcc" value={written.bcc} error={fault('bcc')} onChange={(bcc) => set({ bcc })} />
          </div>
        ) : (
          <Button className="add-copies" size="compact-sm" variant="subtle" onClick={() => setHasCopies(true)}>
            Add Cc or Bcc
          </Button>
        )}
        <TemplateSelect
          value={written.template_id}
          isWritten={written.body.trim() !== ''}
          error={fault('template_id')}
          onChoose={(template) =>
            set(
              template
                ? {
                    ...{ template_id: template.id, subject: template.subject, body: template.body },
                    attachments: attachedText(template.attachments),
                  }
                : { template_id: '' },
            )
          }
        />
        <TextFields
          subject={written.subject}
          body={written.body}
          subjectError={fault('subject')}
          bodyError={fault('body')}
          onChange={set}
        />
        <Attachments
          value={attachedOf(written.attachments)}
          error={fault('attachments')}
          onChange={(attached) => set({ attachments: attachedText(attached) })}
          onBusy={setUploading}
        />
        <SingleBar
          draft={draft}
          isScheduled={isScheduled}
          canSend={canSend}
          busy={busy}
          onSend={() => void send({})}
          onSchedule={() => setWhen('later')}
        />
      </div>
      <LookOf written={written} name={person.data?.name} />
      <SendDialog
        when={when}
        title={isScheduled ? 'Another time' : 'Schedule'}
        zones={{ own: me.time_zone, recipient: person.data?.time_zone ?? null }}
        begin={base ? laterOf(base, me.time_zone) : undefined}
        busy={busy}
        wrong={wrong}
        onSend={(schedule) => void send(schedule)}
        onClose={() => setWhen(undefined)}
      />
    </form>
  );
}

function LookOf({ written, name = 'this person' }: { written: Written; name: string | undefined }) {
  const [shown] = useDebouncedValue(written, 400);
  const { person_id: person, subject, body, template_id: template, identity_id: identity } = shown;
  const attachments = attachmentInputs(attachedOf(shown.attachments));
  return (
    <section className="compose-look" aria-labelledby="look">
      <h2 id="look" className="small-head">
        Preview
      </h2>
      {person === '' ? (
        <p className="quiet">Choose a person: what they get is shown here as you write.</p>
      ) : (
        <Preview
          input={{
            ...{ person_id: person, subject, body, attachments },
            ...{ template_id: template || null, identity_id: identity || null },
          }}
          name={name}
        />
      )}
    </section>
  );
}

const dispatch = (id: string, body: Schemas['Schedule']) =>
  answerOf(api.POST('/v1/emails/{id}/schedule', { params: { path: { id } }, body }));

const isOfTime = ({ fields }: Problem) =>
  fields.some(({ field }) => /^(schedule\.)?(at|date|time|time_zone)$/.test(field));

function sentWords(sent: EmailDetail): { text: string; kind?: 'error' } {
  const { to_name: name, reason, send_at: at } = sent;
  if (reason) return { text: `The email to ${name} is filed under Failed: ${reason.text}`, kind: 'error' };
  const isLater = at !== null && new Date(at).getTime() > Date.now() + 60_000;
  return { text: `The email to ${name} is ${isLater ? 'scheduled' : 'on its way'}.` };
}
