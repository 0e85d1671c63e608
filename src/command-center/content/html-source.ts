import { escapeHtml } from './liquid-engine.js';

// Elements that somebody who writes HTML uses. `<ann@example.com>` and `a < b` are text.
const ELEMENTS = [
  'a|abbr|article|b|base|blockquote|body|br|button|center|code|dd|del|div|dl|dt|em|embed|font|footer|form|h[1-6]|head|header',
  'hr|html|i|iframe|img|input|ins|li|link|main|meta|object|ol|p|pre|s|script|section|small|span|strike|strong|style|sub|sup',
  'svg|table|tbody|td|tfoot|th|thead|title|tr|u|ul',
];
const TAG = new RegExp(`</?(${ELEMENTS.join('|')})(\\s[^<>=]*=[^<>]*|\\s*/)?>`, 'i');
const SIGNATURE_ALONE = /<p>(\{\{-?\s*signature\s*-?\}\})<\/p>/g;

/** What somebody wrote, as HTML: plain text becomes paragraphs and line breaks; what is HTML already stays. */
export function htmlSource(body: string): string {
  if (TAG.test(body)) return body;
  const lines = body.replace(/\r\n?/g, '\n').trim();
  if (lines === '') return '';
  // Dynamic fields are left alone: the quotation marks in them are theirs.
  const inner = parts(lines).map(({ text, liquid }) => (liquid ? text : paragraphs(escapeHtml(text))));
  return `<p>${inner.join('')}</p>`.replace(SIGNATURE_ALONE, '$1');
}

function paragraphs(text: string): string {
  return text
    .split(/\n{2,}/)
    .map((lines) => lines.replaceAll('\n', '<br>\n'))
    .join('</p>\n<p>');
}

/** Text, and the dynamic fields and tags in it. In one pass, however many are left open. */
export function parts(text: string): { text: string; liquid: boolean }[] {
  const found: { text: string; liquid: boolean }[] = [];
  let at = 0;
  for (const { 0: open, index } of text.matchAll(/\{\{|\{%/g)) {
    if (index < at) continue;
    const end = text.indexOf(open === '{{' ? '}}' : '%}', index + 2);
    if (end < 0) break;
    found.push({ text: text.slice(at, index), liquid: false }, { text: text.slice(index, end + 2), liquid: true });
    at = end + 2;
  }
  return [...found, { text: text.slice(at), liquid: false }];
}
