/** Longer ones are not quoted: who follows up writes anew. */
const QUOTED_MAX = 200_000;

/**
 * Pure: what a follow-up begins with: room to write in, the signature, which belongs to what is new, and what was sent,
 * quoted. Its braces ask for no fields.
 */
export function followUpBody(html: string | null): string {
  if (html === null || html.length > QUOTED_MAX) return '<p></p>';
  const still = html.replace(/\{(?=[{%])/g, '&#123;');
  return `<p></p>\n{{signature}}\n<blockquote style="margin: 0 0 0 8px; padding-left: 8px; border-left: 2px solid #cccccc">${still}</blockquote>`;
}

export function followUpSubject(subject: string): string {
  return /^re:/i.test(subject) ? subject : `Re: ${subject}`;
}
