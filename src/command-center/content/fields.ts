import { EmptyField, type Markup } from './field-values.js';

/** What dynamic fields are filled with. */
export interface FieldValues {
  person: {
    name: string;
    first_name: string;
    last_name: string;
    email: string | null;
    title: string | null;
    company: string | null;
    phone: string | null;
    custom: Readonly<Record<string, string>>;
  };
  sender: { name: string; email: string };
  campaign?: { name: string };
}

/** Markup that a body may place. */
export interface Placeable {
  signature: Markup;
  /** Links to files that are not enclosed. */
  tracked_content: Markup;
  team_unsubscribe: Markup;
  /** Where `{{team_unsubscribe}}` stands in the address of a link of the writer's own. */
  team_unsubscribe_url: Markup;
}

/** Of the person: what stands there without a value and without a fallback; null: that email is not sent. */
const OF_PERSON = {
  name: null,
  first_name: '',
  last_name: '',
  email: null,
  title: '',
  company: 'your company',
  phone: null,
} as const;

const OTHERS = ['sender_name', 'sender_email', 'sales_campaign_name'];
const OF_BODY: readonly (keyof Placeable)[] = [
  'signature',
  'tracked_content',
  'team_unsubscribe',
  'team_unsubscribe_url',
];

/** Pure: whether a text of this kind may ask for a field, by its path. */
export function isField(path: readonly unknown[], kind: 'html' | 'line'): boolean {
  const [first, ...rest] = path[0] === 'person' ? path.slice(1) : path;
  if (typeof first !== 'string') return false;
  if (first === 'custom') return rest.length === 1 && typeof rest[0] === 'string';
  if (rest.length > 0) return false;
  if (Object.hasOwn(OF_PERSON, first)) return true;
  if (path[0] === 'person') return false;
  return OTHERS.includes(first) || (kind === 'html' && OF_BODY.includes(first as keyof Placeable));
}

/** The names of custom fields among the paths that a text asks for. */
export function customNames(paths: readonly (readonly unknown[])[]): string[] {
  return paths.filter((path) => path.at(-2) === 'custom').map((path) => String(path.at(-1)));
}

/** Pure: what Liquid reads. Objects without a prototype: `constructor` is a field like any other, and empty. */
export function scopeOf({ person, sender, campaign }: FieldValues, custom: readonly string[]): Record<string, unknown> {
  const own = bare(
    Object.entries(OF_PERSON).map(([name, otherwise]) => [
      name,
      filled(name, person[name as keyof typeof OF_PERSON], otherwise),
    ]),
  );
  const customs = custom.map((name) => {
    const value = Object.hasOwn(person.custom, name) ? person.custom[name] : undefined;
    return [name, filled(`custom.${name}`, typeof value === 'string' ? value : null, null)] as const;
  });
  own.custom = bare(customs);
  return bare([
    ...Object.entries(own),
    ['person', own],
    ['sender_name', filled('sender_name', sender.name, null)],
    ['sender_email', filled('sender_email', sender.email, null)],
    ['sales_campaign_name', filled('sales_campaign_name', campaign?.name ?? null, null)],
  ]);
}

function filled(field: string, value: string | null, otherwise: string | null): string | EmptyField {
  return value === null || value.trim() === '' ? new EmptyField(field, otherwise) : value;
}

function bare(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const made = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of entries) made[name] = value;
  return made;
}
