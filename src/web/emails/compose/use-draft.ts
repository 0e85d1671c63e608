import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { answerOf, api, type Schemas } from '../../api/client';
import { Problem } from '../../api/problem';
import { attachedOf, attachmentInputs } from '../../files/attached';
import { useAskBeforeLeaving } from '../../ui/leaving';
import { changedFields, rebased } from '../../ui/rebase';
import type { EmailDetail } from '../folders';
import { EMAIL_KEYS } from '../queries';
import { forget, keep, keptOf } from './kept';
import { BLANK, changesOf, isDraft, type Written, type WrittenField, writtenOf } from './written';

const SOON_MS = 800;
const KEPT = 'command-center-writing';

interface Begun {
  /** As the server has it; undefined: it has nothing yet. */
  email: EmailDetail | undefined;
  begin: Partial<Written>;
  onMade(email: EmailDetail): void;
}

/**
 * An email as it is written. A draft saves itself, one change after the other; what is scheduled already changes only
 * when one says so. Before there is a draft, the browser keeps the text.
 */
export function useDraft({ email, begin, onMade }: Begun) {
  const queries = useQueryClient();
  const [base, setBase] = useState(email);
  const [written, setWritten] = useState<Written>(() =>
    email ? writtenOf(email) : { ...keptOf(KEPT, BLANK), ...begin },
  );
  const [state, setState] = useState<'still' | 'saving' | 'saved'>('still');
  const [wrong, setWrong] = useState<unknown>(undefined);
  const [clashes, setClashes] = useState<readonly WrittenField[]>([]);
  const latest = useRef({ base, written, isClashing: false });
  const isThere = useRef(true);
  const line = useRef<Promise<unknown>>(Promise.resolve());
  const key = useRef('');
  const isDirty = base ? changedFields(writtenOf(base), written).length > 0 : isDraft(written);
  const savesItself = base === undefined || base.state === 'draft';

  function put(next: Partial<{ base: EmailDetail; written: Written }>) {
    latest.current = { ...latest.current, ...next };
    setBase(latest.current.base);
    setWritten(latest.current.written);
  }
  function clash(fields: readonly WrittenField[]) {
    latest.current = { ...latest.current, isClashing: fields.length > 0 };
    setClashes(fields);
  }
  const set = (change: Partial<Written>) => put({ written: { ...latest.current.written, ...change } });

  /** Saves what there is now, after whatever is being saved. Throws what the server refuses. */
  function save(schedule?: Schemas['Schedule']): Promise<EmailDetail | undefined> {
    const work = line.current.then(() => saveNow(schedule));
    line.current = work.catch(() => undefined);
    return work;
  }
  async function saveNow(schedule?: Schemas['Schedule']): Promise<EmailDetail | undefined> {
    const { base: before, written: sent } = latest.current;
    if (before ? changedFields(writtenOf(before), sent).length === 0 && !schedule : !isDraft(sent)) return before;
    setState('saving');
    setWrong(undefined);
    try {
      const saved = before ? await change(before, sent, schedule) : await make(sent);
      take(saved, sent);
      setState('saved');
      if (!before) {
        forget(KEPT);
        // Whoever went on meanwhile is not called back.
        if (isThere.current) onMade(saved);
      }
      void Promise.all(['emails', 'email-counts'].map((name) => queries.invalidateQueries({ queryKey: [name] })));
      return saved;
    } catch (error) {
      setState('still');
      setWrong(error);
      throw error;
    }
  }
  function make(sent: Written): Promise<EmailDetail> {
    // One key for one email, however often it is sent: a lost answer must not make a second one.
    key.current ||= crypto.randomUUID?.() ?? String(Math.random());
    const attachments = attachmentInputs(attachedOf(sent.attachments));
    const body = { subject: sent.subject, body: sent.body, attachments, ...changesOf(BLANK, sent) };
    return answerOf(api.POST('/v1/emails', { body, headers: { 'Idempotency-Key': key.current } })).catch((error) => {
      // What was refused is not the same when it is corrected.
      if (error instanceof Problem && error.status !== 0) key.current = '';
      throw error;
    });
  }
  /** Where somebody else was quicker, once more on what they left, unless it is the same field. */
  async function change(before: EmailDetail, sent: Written, schedule?: Schemas['Schedule']): Promise<EmailDetail> {
    try {
      return await patch(before, sent, schedule);
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'version_mismatch') throw error;
      const theirs = await answerOf(api.GET('/v1/emails/{id}', { params: { path: { id: before.id } } }));
      const result = rebased(writtenOf(before), latest.current.written, writtenOf(theirs));
      put({ base: theirs, written: result.draft });
      clash(result.clashes);
      // What was scheduled meanwhile changes only when one says so.
      if (result.clashes.length > 0 || theirs.state !== before.state) throw error;
      return patch(theirs, result.draft, schedule);
    }
  }
  /** What was typed meanwhile stays. */
  function take(saved: EmailDetail, sent: Written) {
    put({ base: saved, written: rebased(sent, latest.current.written, writtenOf(saved)).draft });
    queries.setQueryData(['email', saved.id], saved);
  }

  const current = useRef(save);
  useEffect(() => {
    current.current = save;
  });
  const waits = savesItself && isDirty && clashes.length === 0;
  useEffect(() => {
    if (!base) keep(KEPT, written);
    if (!waits) return;
    const timer = setTimeout(() => void current.current().catch(() => undefined), SOON_MS);
    return () => clearTimeout(timer);
  }, [written, waits, base]);
  // Whoever goes on to another page has not waited for the last words to be saved.
  useEffect(() => {
    isThere.current = true;
    return () => {
      isThere.current = false;
      const { base: last, isClashing } = latest.current;
      if (last?.state === 'draft' && !isClashing) void current.current().catch(() => undefined);
    };
  }, []);
  useAskBeforeLeaving(isDirty, { isKept: savesItself });

  return {
    ...{ base, written, set, state, isDirty, wrong, setWrong, clashes, save },
    /** Gives up one's own edits for what is there now. */
    reload() {
      clash([]);
      setWrong(undefined);
      if (base) put({ written: writtenOf(base) });
    },
    overwrite() {
      clash([]);
      void save().catch(() => undefined);
    },
    /** As an act left it. */
    takeIn: (email: EmailDetail) => {
      put({ base: email, written: writtenOf(email) });
      queries.setQueryData(['email', email.id], email);
      for (const name of EMAIL_KEYS) void queries.invalidateQueries({ queryKey: [name] });
    },
    /** Nothing of it is kept. */
    drop() {
      forget(KEPT);
      put({ written: base ? writtenOf(base) : BLANK });
    },
  };
}

function patch(email: EmailDetail, written: Written, schedule?: Schemas['Schedule']): Promise<EmailDetail> {
  const params = { path: { id: email.id }, header: { 'If-Match': `"v${email.version}"` } };
  const body = { ...changesOf(writtenOf(email), written), ...(schedule && { schedule }) };
  return answerOf(api.PATCH('/v1/emails/{id}', { params, body }));
}
