import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { answerOf, api, type Schemas } from '../../api/client';
import { Problem } from '../../api/problem';
import { EMAIL_KEYS } from '../queries';
import { type Batch, type BatchKind, BLANK_BATCH, recipientsOf } from './batch';
import { forget, keep, keptOf } from './kept';
import { type Person, usePeople } from './use-people';

const PREVIEWED_MOST = 100;

/** A bulk email as it is written: kept in the browser until it is sent. */
export function useBatch(kind: BatchKind, begin: (kept: Batch) => Batch) {
  const queries = useQueryClient();
  const kept = `command-center-writing-${kind}`;
  const [batch, setBatch] = useState<Batch>(() => begin(keptOf(kept, BLANK_BATCH)));
  const [wrong, setWrong] = useState<unknown>(undefined);
  const [busy, setBusy] = useState(false);
  const request = useRef({ text: '', key: '' });
  useEffect(() => keep(kept, batch), [kept, batch]);

  async function send(schedule: Schemas['Schedule']): Promise<Schemas['EmailBatchView'] | undefined> {
    const recipients = recipientsOf(batch, kind);
    if (!recipients) return undefined;
    setBusy(true);
    setWrong(undefined);
    try {
      const body = { ...recipients, schedule };
      const made = await answerOf(api.POST('/v1/email-batches', { body, headers: { 'Idempotency-Key': keyOf(body) } }));
      drop();
      void Promise.all(EMAIL_KEYS.map((key) => queries.invalidateQueries({ queryKey: [key] })));
      return made;
    } catch (error) {
      // What was refused is tried anew; what was not answered may have been done.
      if (error instanceof Problem && error.status !== 0) request.current = { text: '', key: '' };
      setWrong(error);
      return undefined;
    } finally {
      setBusy(false);
    }
  }
  /** One key for one bulk email, however often it is sent: a lost answer must not send it to all a second time. */
  function keyOf(body: Schemas['CreateEmailBatch']): string {
    const text = JSON.stringify(body);
    if (request.current.text !== text) request.current = { text, key: crypto.randomUUID?.() ?? String(Math.random()) };
    return request.current.key;
  }
  function drop() {
    forget(kept);
    setBatch(BLANK_BATCH);
  }
  return { batch, setBatch, wrong, setWrong, busy, send, drop };
}

/** Who gets it: those who were chosen, or the first ones of a group. */
export function useRecipients(batch: Batch, kind: BatchKind): Person[] {
  const chosen = usePeople(kind === 'select' ? batch.person_ids : []);
  const members = useQuery({
    queryKey: ['people', 'group', batch.group_id],
    queryFn: () =>
      answerOf(api.GET('/v1/people', { params: { query: { group_id: batch.group_id, limit: PREVIEWED_MOST } } })),
    enabled: kind === 'group' && batch.group_id !== '',
  });
  return kind === 'select' ? chosen : batch.group_id === '' ? [] : (members.data?.data ?? []);
}
