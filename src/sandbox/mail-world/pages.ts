import { type Html, markup } from '../salesforce-org/page/html.js';
import { layout } from '../salesforce-org/page/layout.js';
import type { Listed, Opened } from './store.js';

const BRAND = '✉ Mail of the sandbox';

/** What was sent, newest first; `to` narrows it down to one mailbox. */
export function mailboxPage(messages: readonly Listed[], to: string, next: string | undefined): string {
  const rows = messages.map(
    ({ id, receivedAt, recipients, from, subject }) => markup`<tr>
      <td class="whole">${timeText(receivedAt)}</td>
      <td>${recipients.map((address, nth) => markup`${nth > 0 && ', '}<a href="/?to=${address}">${address}</a>`)}</td>
      <td>${from}</td>
      <td><a href="/messages/${id}">${subject || '(no subject)'}</a></td></tr>`,
  );
  const older = next !== undefined && markup`<p><a href="/?to=${to}&amp;before=${next}">Earlier ones</a></p>`;
  const content = markup`<section class="card">
    <h1>${to === '' ? 'Everything that was sent' : `Mail to ${to}`}</h1>
    <form method="get" action="/"><label>Mailbox
      <input type="text" name="to" value="${to}" placeholder="Part of an address"></label></form>
    ${
      messages.length === 0
        ? markup`<p class="muted">Nothing ${to === '' ? 'has been sent yet: invite a colleague under Settings → Users.' : 'was sent there.'}</p>`
        : markup`<table><thead><tr><th>When</th><th>To</th><th>From</th><th>Subject</th></tr></thead><tbody>${rows}</tbody></table>`
    }
    ${older}
  </section>`;
  return layout('Mail', content, markup`<span class="grow"></span><a href="/">All</a>`, BRAND);
}

/** One message. What it says in HTML is shown in a frame in which nothing runs. */
export function messagePage(message: Opened): string {
  const { id, receivedAt, recipients, from, to, subject, text, html, attachments, headers } = message;
  const facts: [string, string][] = [
    ['From', from],
    ['To', to],
    ['Brought to', recipients.join(', ')],
    ['Returns to', message.envelopeFrom || '(nobody)'],
    ['When', timeText(receivedAt)],
  ];
  const content = markup`<section class="card">
    <h1>${subject || '(no subject)'}</h1>
    <table><tbody>${facts.map(([name, value]) => markup`<tr><th>${name}</th><td>${value}</td></tr>`)}</tbody></table>
    ${attachments.length > 0 && markup`<p>Attached: ${attachments.map(({ name, bytes }) => markup`<span class="tag">${name}, ${bytes} bytes</span> `)}</p>`}
    ${
      html !== null &&
      markup`<iframe class="mail" title="The message" sandbox="allow-popups allow-popups-to-escape-sandbox" src="/messages/${id}/html"></iframe>`
    }
    <details ${html === null && 'open'}><summary>As plain text</summary><pre>${linked(text)}</pre></details>
    <details><summary>Headers</summary><pre>${headers.map(({ name, value }) => markup`<b>${name}:</b> ${value}\n`)}</pre></details>
    <p><a href="/messages/${id}/raw">As it came over the line</a></p>
  </section>`;
  return layout(subject, content, markup`<span class="grow"></span><a href="/">All</a>`, BRAND);
}

/** Addresses in plain text become links, everything else stays text. */
function linked(text: string): Html[] {
  return text
    .split(/(https?:\/\/[^\s<>"']+)/)
    .map((part, nth) =>
      nth % 2 === 1 ? markup`<a href="${part}" target="_blank" rel="noopener noreferrer">${part}</a>` : markup`${part}`,
    );
}

const timeText = (at: Date): string => at.toISOString().replace('T', ' ').slice(0, 19);
