import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, api, type Schemas } from '../../api/client';
import { Problem } from '../../api/problem';
import { attachedOf, attachedText, attachmentInputs } from '../../files/attached';
import { changedFields, rebased } from '../../ui/rebase';
import { useAskBeforeLeaving } from '../../ui/leaving';
import type { EmailDetail } from '../folders';
import { EMAIL_KEYS } from '../queries';

/** A bulk email, and the one of its emails by which one came to it. */
export interface SentBatch {
  batch: Schemas['EmailBatchView'];
  email: EmailDetail;
}

type Text = ReturnType<typeof textOf>;

/** The version first: a text that is newer than it is asked about once too often, never once too seldom. */
export async function readSentBatch(id: string, emailId: string): Promise<SentBatch> {
  const batch = await answerOf(api.GET('/v1/email-batches/{id}', { params: { path: { id } } }));
  const email = await answerOf(api.GET('/v1/emails/{id}', { params: { path: { id: emailId } } }));
  return { batch, email };
}

/** Edits all emails of a bulk send at once; where somebody else did meanwhile, asks which of the two shall stand. */
export function useSentBatch(first: SentBatch) {
  const queries = useQueryClient();
  const [base, setBase] = useState(first);
  const [text, setText] = useState(() => textOf(first));
  const [clashes, setClashes] = useState<readonly (keyof Text)[]>([]);
  const [wrong, setWrong] = useState<unknown>(undefined);
  const [busy, setBusy] = useState(false);
  const changed = changedFields(textOf(base), text);
  useAskBeforeLeaving(changed.length > 0);

  /** How many were changed; undefined: none, and it is said why. */
  async function save(schedule?: Schemas['Schedule']): Promise<number | undefined> {
    setWrong(undefined);
    setBusy(true);
    try {
      const after = await patched(base, text, schedule);
      if (!after) return undefined;
      void Promise.all([...EMAIL_KEYS, 'email-batch'].map((key) => queries.invalidateQueries({ queryKey: [key] })));
      return after.changed;
    } catch (error) {
      setWrong(error);
      return undefined;
    } finally {
      setBusy(false);
    }
  }

  /** Where somebody else was quicker, once more on what they left, unless it is the same that they changed. */
  async function patched(from: SentBatch, mine: Text, schedule: Schemas['Schedule'] | undefined) {
    try {
      return await patch(from, mine, schedule);
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'version_mismatch') throw error;
      const theirs = await readSentBatch(from.batch.id, from.email.id);
      const result = rebased(textOf(from), mine, textOf(theirs));
      setBase(theirs);
      setText(result.draft);
      setClashes(result.clashes);
      if (result.clashes.length > 0) return undefined;
      // An email that has left does not tell what the others are now; nor is another time overwritten unseen.
      const isOtherTime = schedule !== undefined && theirs.email.send_at !== from.email.send_at;
      if (theirs.email.folder !== 'scheduled' || isOtherTime) throw error;
      return patch(theirs, result.draft, schedule);
    }
  }

  return {
    ...{ base, text, changed, clashes, wrong, setWrong, busy, save },
    set: (change: Partial<Text> | ((before: Text) => Partial<Text>)) =>
      setText((before) => ({ ...before, ...(typeof change === 'function' ? change(before) : change) })),
    /** Gives up one's own edits for what is there now. */
    reload() {
      setText(textOf(base));
      setClashes([]);
      setWrong(undefined);
    },
    forgetClash: () => setClashes([]),
  };
}

const WRITTEN = ['subject', 'body', 'attachments'] as const;

/** What is not known cannot stay as it is: then all of the text is said. */
function patch(sent: SentBatch, text: Text, schedule: Schemas['Schedule'] | undefined) {
  const { batch } = sent;
  const edited = changedFields(textOf(sent), text);
  const isWritten = WRITTEN.some((field) => edited.includes(field));
  const changed = isWritten && !batch.text_known ? [...new Set([...edited, ...WRITTEN])] : edited;
  const body = {
    ...Object.fromEntries(changed.map((field) => [field, text[field]])),
    ...(changed.includes('attachments') && { attachments: attachmentInputs(attachedOf(text.attachments)) }),
    ...(schedule && { schedule }),
  };
  const params = { path: { id: batch.id }, header: { 'If-Match': `"v${batch.version}"` } };
  return answerOf(api.PATCH('/v1/email-batches/{id}', { params, body }));
}

/** What all have: this one email may have something else instead. */
function textOf({ batch: { subject, body, attachments }, email }: SentBatch) {
  return { subject, body, identity_id: email.identity_id ?? '', attachments: attachedText(attachments) };
}
