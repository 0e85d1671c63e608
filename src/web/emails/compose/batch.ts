import type { Schemas } from '../../api/client';
import { type Attached, attachmentInputs } from '../../files/attached';

export type BatchKind = Schemas['BatchRecipients']['kind'];
export interface Text {
  subject: string;
  body: string;
}

/** As many as the API takes. */
export const PEOPLE_MOST = 200;

/** A Select and Send or a Group Email as it is written. Never a draft: the browser keeps it. */
export interface Batch extends Text {
  person_ids: readonly string[];
  group_id: string;
  template_id: string;
  identity_id: string;
  /** Go to all of them. */
  attachments: readonly Attached[];
  /** What one person gets instead, by the person's id. */
  edits: Readonly<Record<string, Text>>;
}

export const BLANK_BATCH: Batch = {
  person_ids: [],
  group_id: '',
  subject: '',
  body: '',
  template_id: '',
  identity_id: '',
  attachments: [],
  edits: {},
};

/** Pure: for people who were chosen elsewhere, and nobody whom one wrote to before; the text that was kept stays. */
export function forPeople(batch: Batch, ids: readonly string[]): Batch {
  return withPeople({ ...batch, person_ids: [], edits: {} }, ids);
}

/** Pure: with more people, as many as there may be. */
export function withPeople(batch: Batch, ids: readonly string[]): Batch {
  return { ...batch, person_ids: [...new Set([...batch.person_ids, ...ids])].slice(0, PEOPLE_MOST) };
}

/** Pure: without some people and what was written for them. */
export function withoutPeople(batch: Batch, ids: readonly string[]): Batch {
  const gone = new Set(ids);
  const edits = Object.fromEntries(Object.entries(batch.edits).filter(([id]) => !gone.has(id)));
  return { ...batch, person_ids: batch.person_ids.filter((id) => !gone.has(id)), edits };
}

/** Pure: the text as one person gets it. */
export function textFor({ subject, body, edits }: Batch, personId: string | undefined): Text {
  return (personId === undefined ? undefined : edits[personId]) ?? { subject, body };
}

/** Pure: with another text: for one person alone, or for everybody, which overwrites what single people had. */
export function withText(batch: Batch, personId: string | undefined, change: Partial<Text>): Batch {
  if (personId === undefined) return { ...batch, ...change, edits: {} };
  return { ...batch, edits: { ...batch.edits, [personId]: { ...textFor(batch, personId), ...change } } };
}

/** Pure: with the common text for one person again. */
export function withCommonText(batch: Batch, personId: string): Batch {
  const { [personId]: _, ...edits } = batch.edits;
  return { ...batch, edits };
}

/** Pure: to whom and what, as the API takes it; undefined: something is missing still. */
export function recipientsOf(batch: Batch, kind: BatchKind): Schemas['BatchRecipients'] | undefined {
  const { person_ids: people, group_id: group, subject, body, template_id: template, identity_id: identity } = batch;
  if (subject.trim() === '' || body.trim() === '') return undefined;
  if (kind === 'select' ? people.length === 0 : group === '') return undefined;
  const edits = Object.entries(batch.edits).map(([id, text]) => ({ person_id: id, ...text }));
  // An emptied text is nothing that could be sent.
  if (edits.some((edit) => edit.subject.trim() === '' || edit.body.trim() === '')) return undefined;
  return {
    ...{ kind, subject, body, attachments: attachmentInputs(batch.attachments) },
    ...(kind === 'select' ? { person_ids: [...people] } : { group_id: group }),
    ...(kind === 'select' && edits.length > 0 && { edits }),
    ...(template !== '' && { template_id: template }),
    ...(identity !== '' && { identity_id: identity }),
  };
}
