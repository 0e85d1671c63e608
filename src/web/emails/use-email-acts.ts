import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { answerOf, api } from '../api/client';
import { sentenceOf } from '../api/problem';
import { underWay } from '../api/under-way';
import { refusedWords } from '../tasks/acts';
import { useToasts } from '../ui/toasts';
import { doneWords, type EmailAction, leaves } from './email-acts';
import type { Email } from './folders';
import { EMAIL_KEYS } from './queries';

/** As many as the API takes at once. */
const MOST_AT_ONCE = 200;
const REFUSAL_SHOWN_MS = 12_000;

export type Perform = (action: EmailAction, emails: readonly Email[], evenIfUncertain?: boolean) => Promise<void>;

/** Acts on emails, one or many: what leaves the list is gone at once, what the server refuses comes back with its reason. */
export function useEmailActs() {
  const queries = useQueryClient();
  const { say } = useToasts();
  const [refused, setRefused] = useState<ReadonlyMap<string, string>>(new Map());
  const perform = useCallback<Perform>(
    async (action, emails, evenIfUncertain = false) => {
      if (emails.length === 0) return;
      await queries.cancelQueries({ queryKey: ['emails'] });
      if (leaves(action)) hide(queries, emails);
      const refusals = await underWay(() => send(action, emails, evenIfUncertain));
      const done = emails.filter(({ id }) => !refusals.has(id));
      setRefused(refusals);
      if (refusals.size === 0) say({ text: doneWords(action, done) });
      else {
        const back = emails.filter(({ id }) => refusals.has(id));
        const words = back.map(({ id, subject }) => ({ name: subject, detail: refusals.get(id) ?? '' }));
        say({ text: refusedWords(done.length, words), kind: 'error' });
      }
      await Promise.all(EMAIL_KEYS.map((key) => queries.invalidateQueries({ queryKey: [key] })));
    },
    [queries, say],
  );
  useEffect(() => {
    if (refused.size === 0) return;
    const timer = setTimeout(() => setRefused(new Map()), REFUSAL_SHOWN_MS);
    return () => clearTimeout(timer);
  }, [refused]);
  return { perform, refused };
}

/** Those that a rolled-up row stands for, and all others as they are. */
export async function expanded(emails: readonly Email[]): Promise<Email[]> {
  const all: Email[] = [];
  for (const email of emails) {
    if (email.batch_id === null || (email.rolled_up ?? 1) < 2) all.push(email);
    else all.push(...(await ofBatch(email, email.batch_id)));
  }
  return all;
}

async function ofBatch({ folder }: Email, batchId: string): Promise<Email[]> {
  const found: Email[] = [];
  let after: string | null = '';
  while (after !== null) {
    const query = { batch_id: batchId, limit: 200, ...(folder && { folder }), ...(after && { after }) };
    const page: { data: Email[]; next: string | null } = await answerOf(api.GET('/v1/emails', { params: { query } }));
    found.push(...page.data);
    after = page.next;
  }
  return found;
}

function hide(queries: QueryClient, emails: readonly Email[]): void {
  const ids = new Set(emails.map(({ id }) => id));
  queries.setQueriesData<{ pages: { data: Email[] }[] }>(
    { queryKey: ['emails'] },
    (shown) =>
      shown && {
        ...shown,
        pages: shown.pages.map((page) => ({ ...page, data: page.data.filter(({ id }) => !ids.has(id)) })),
      },
  );
}

/** What was refused, by the email's id. */
async function send(action: EmailAction, emails: readonly Email[], evenIfUncertain: boolean) {
  const refusals = new Map<string, string>();
  for (let at = 0; at < emails.length; at += MOST_AT_ONCE) {
    const ids = emails.slice(at, at + MOST_AT_ONCE).map(({ id }) => id);
    const body = { ids, action, ...(evenIfUncertain && { even_if_uncertain: true }) };
    try {
      const { results } = await answerOf(api.POST('/v1/emails/bulk', { body }));
      for (const { id, ok, error } of results) if (!ok) refusals.set(id, error?.detail ?? 'It was refused.');
    } catch (error) {
      for (const id of ids) refusals.set(id, sentenceOf(error));
    }
  }
  return refusals;
}
