import type { Person } from './people-query';

/** What can be edited of a person, as inputs hold it; fields of the team's own are `custom.<name>`. */
export type PersonDraft = Record<string, string>;

const TEXTS = ['name', 'email', 'first_name', 'last_name', 'title', 'company', 'phone', 'source', 'time_zone'] as const;

const LABELS: Readonly<Record<string, string>> = {
  name: 'the name',
  email: 'the email address',
  first_name: 'the first name',
  last_name: 'the last name',
  title: 'the title',
  company: 'the company',
  phone: 'the phone number',
  source: 'the source',
  time_zone: 'the time zone',
  owner_id: 'the owner',
  shared: 'who sees them',
};

export const CUSTOM = 'custom.';

export function draftOf(person: Person): PersonDraft {
  const texts = TEXTS.map((field) => [field, person[field] ?? ''] as const);
  const custom = Object.entries(person.custom).map(([name, value]) => [CUSTOM + name, value] as const);
  const rest = { owner_id: person.owner?.id ?? '', shared: person.shared ? 'yes' : '' };
  return { ...Object.fromEntries([...texts, ...custom]), ...rest };
}

/** Pure: both with the fields of both; a field that one of them has not is empty there. */
export function aligned(one: PersonDraft, other: PersonDraft): [PersonDraft, PersonDraft] {
  const empty = Object.fromEntries([...Object.keys(one), ...Object.keys(other)].map((field) => [field, ''] as const));
  return [
    { ...empty, ...one },
    { ...empty, ...other },
  ];
}

/** Pure: what is sent; an emptied field is null. */
export function bodyOf(before: PersonDraft, after: PersonDraft) {
  const body: Record<string, string | boolean | null> = {};
  const custom: Record<string, string | null> = {};
  for (const [field, value = ''] of Object.entries(after)) {
    if (value === before[field]) continue;
    if (field.startsWith(CUSTOM)) custom[field.slice(CUSTOM.length)] = value.trim() === '' ? null : value;
    else if (field === 'shared') body.shared = value === 'yes';
    else body[field] = value.trim() === '' ? null : value;
  }
  return { ...body, ...(Object.keys(custom).length > 0 && { custom }) };
}

/** Pure: the names of somebody's own fields, in their order. */
export function customNames(draft: PersonDraft): string[] {
  return Object.keys(draft)
    .filter((field) => field.startsWith(CUSTOM))
    .map((field) => field.slice(CUSTOM.length))
    .sort();
}

const NAME = /^[a-z][a-z0-9_]{0,39}$/;

/** Pure: a name as one types it, as a field has it; undefined: it cannot be one. */
export function fieldName(typed: string): string | undefined {
  const name = typed
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^[_0-9]+|_+$/g, '');
  return NAME.test(name) ? name : undefined;
}

/** Pure: `the title and the company`. */
export function fieldWords(fields: readonly string[]): string {
  return fields.map((field) => LABELS[field] ?? field.replace(CUSTOM, '')).join(' and ');
}
