import { Markup, MissingFieldError } from './field-values.js';
import { type FieldValues, type Placeable, scopeOf } from './fields.js';
import { htmlSource } from './html-source.js';
import { escapeHtml } from './liquid-engine.js';
import { makeSafe } from './make-safe.js';
import { causeOf, engines, failureOf, type Prepared, prepared, type SourceProblem } from './source-text.js';
import { textPart } from './text-part.js';

export type { FieldValues } from './fields.js';
export type { SourceProblem } from './source-text.js';

/** A template or an email as somebody wrote it. */
export interface Source {
  subject: string;
  /** HTML or plain text. */
  body: string;
}

/** A file behind a link. */
export interface ContentLink {
  name: string;
  url: string;
}

export interface RenderOptions {
  signatureHtml: string | null;
  /** Files that the recipient gets links to: at the end, where the text does not place them itself. */
  trackedContent?: readonly ContentLink[];
  /** `append`: where the text does not place the link itself, it comes at the end. */
  unsubscribe: { url: string; mode: 'append' | 'only_where_placed' } | null;
}

export type Rendered =
  | { ok: true; subject: string; html: string; text: string }
  /** `detail`: a sentence for a person. */
  | { ok: false; code: 'missing_field' | 'bad_template' | 'too_complex'; field?: string; detail: string };

// Many fields with long values make a long email out of a short text.
const HTML_MAX = 1_000_000;

/** An email as one person gets it: fields are filled first, then it is made safe, so that no value brings in markup. */
export function renderEmail(source: Source, values: FieldValues, options: RenderOptions): Rendered {
  const subject = prepared('subject', source.subject);
  const body = prepared('body', source.body);
  if (!subject.ok || !body.ok) return refused([subject, body]);
  let field: 'subject' | 'body' = 'subject';
  try {
    const line = oneLine(engines.subject.renderSync(subject.template, scopeOf(values, subject.custom)) as string);
    if (line === '') return { ok: false, code: 'bad_template', field, detail: 'The subject is empty.' };
    field = 'body';
    const html = bodyOf(body, values, options);
    if (html === undefined) return { ok: false, code: 'too_complex', field, detail: 'The email is too long.' };
    return { ok: true, subject: line, html, text: textPart(html) };
  } catch (error) {
    return notRendered(field, error);
  }
}

/** What is wrong with a text before it meets anybody: mistakes and unknown fields, each with its place. */
export function checkSource(source: Partial<Source>): SourceProblem[] {
  return (['subject', 'body'] as const).flatMap((field) => {
    const read = prepared(field, source[field] ?? '');
    return read.ok ? [] : read.problems;
  });
}

function bodyOf(
  { template, custom }: Extract<Prepared, { ok: true }>,
  values: FieldValues,
  { signatureHtml, unsubscribe, trackedContent = [] }: RenderOptions,
): string | undefined {
  const link = unsubscribe ? `<a href="${escapeHtml(unsubscribe.url)}">Unsubscribe</a>` : '';
  const placeable = placeables(signatureHtml, unsubscribe?.url ?? '', link, trackedContent);
  let html = engines.body.renderSync(template, Object.assign(scopeOf(values, custom), placeable)) as string;
  if (trackedContent.length > 0 && placeable.tracked_content.times.placed === 0) {
    html += `\n${placeable.tracked_content.place()}`;
  }
  if (placeable.signature.times.placed === 0) html += `\n${placeable.signature.place()}`;
  if (html.length > HTML_MAX) return undefined;
  const safe = makeSafe(html);
  // What was placed in a comment or a style is seen by nobody, and does not count.
  if (unsubscribe?.mode !== 'append' || safe.includes(addressIn(link))) return safe;
  return `${safe}\n${makeSafe(`<p style="font-size: 12px; color: #666666">${link}</p>`)}`;
}

/** The link to unsubscribe is there once: as a whole, or as the address of a link of the writer's own. */
function placeables(
  signatureHtml: string | null,
  url: string,
  link: string,
  content: readonly ContentLink[],
): Placeable {
  const whole = new Markup(link);
  return {
    signature: new Markup(signatureHtml === null ? '' : htmlSource(signatureHtml)),
    tracked_content: new Markup(contentHtml(content)),
    team_unsubscribe: whole,
    team_unsubscribe_url: new Markup(escapeHtml(url), whole.times),
  };
}

function contentHtml(content: readonly ContentLink[]): string {
  if (content.length === 0) return '';
  const links = content.map(({ name, url }) => `<a href="${escapeHtml(url)}">${escapeHtml(name)}</a>`);
  return `<p>${links.join('<br>')}</p>`;
}

/** As it stands in what was made safe. */
function addressIn(link: string): string {
  return /href="[^"]*"/.exec(makeSafe(link))?.[0] ?? link;
}

function refused(texts: readonly Prepared[]): Rendered {
  const [first] = texts.flatMap((text) => (text.ok ? [] : text.problems));
  if (!first) throw new Error('Nothing was refused.');
  return { ok: false, code: first.code, field: first.field, detail: sentenceOf(first) };
}

function notRendered(field: 'subject' | 'body', error: unknown): Rendered {
  for (let cause = error; cause instanceof Error; cause = causeOf(cause)) {
    if (!(cause instanceof MissingFieldError)) continue;
    const detail = `The field ${cause.field} has no value here, and the text gives no fallback for it.`;
    return { ok: false, code: 'missing_field', field: cause.field, detail };
  }
  const problem = failureOf(field, error);
  return { ok: false, code: problem.code, field, detail: sentenceOf(problem) };
}

function sentenceOf({ field, message }: SourceProblem): string {
  return `The ${field} has a mistake: ${message}.`;
}

/** A header has one line (RFC 5322, 2.2): breaks and control characters in it become spaces. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
}
