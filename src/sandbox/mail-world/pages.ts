import { Html, markup } from '../salesforce-org/page/html.js';
import { layout } from '../salesforce-org/page/layout.js';
import { RULES, ruleOf } from './recipients.js';
import type { Listed, Opened } from './store.js';

const BRAND = '✉ Mail of the sandbox';

const STYLE = new Html(`<style>
form.search{display:flex;gap:.6rem;margin:0 0 1rem}form.search input{flex:1}
table.mail{table-layout:fixed}table.mail td{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
table.mail tbody tr:hover{background:var(--ground)}table.mail .subject a{color:var(--ink);font-weight:600}
table.mail th:first-child{width:11rem}table.mail th:nth-child(2){width:16rem}table.mail th:nth-child(3){width:13rem}table.mail th:last-child{width:5.5rem;text-align:right}
table.mail td:last-child{text-align:right;color:var(--soft);font-size:.85rem}
table.mail td:first-child{color:var(--soft);font-size:.85rem;font-variant-numeric:tabular-nums}
.pages{display:flex;justify-content:space-between;margin-top:1rem}
.note{border-left:4px solid var(--blue);background:var(--ground);padding:.5rem .8rem;border-radius:0 6px 6px 0;margin:0 0 1rem}
table.facts th{width:8rem}
@media(max-width:60rem){table.mail :is(th,td):is(:nth-child(3),:last-child){display:none}}
@media(max-width:40rem){table.mail :is(th,td):first-child{display:none}table.mail th:nth-child(2){width:50%}}
</style>`);

export interface MailboxView {
  messages: readonly Listed[];
  /** Narrows it down to what was brought there. */
  to: string;
  isFirst: boolean;
  /** Where the next page begins. */
  older: string | undefined;
  /** The faults that are set on command. */
  faultsOn: readonly string[];
}

/** What was sent, newest first. */
export function mailboxPage({ messages, to, isFirst, older, faultsOn }: MailboxView): string {
  const rows = messages.map(
    ({ id, receivedAt, recipients, from, subject, bytes }) => markup`<tr>
      <td>${timeText(receivedAt)}</td>
      <td title="${recipients.join(', ')}">${recipients.map((address, nth) => markup`${nth > 0 && ', '}<a href="${mailboxPath(address)}">${address}</a>`)}</td>
      <td title="${from}">${from}</td>
      <td class="subject" title="${subject}"><a href="/messages/${id}">${subject || '(no subject)'}</a></td>
      <td>${sizeText(bytes)}</td></tr>`,
  );
  const content = markup`${STYLE}<section class="card">
    <h1>${to === '' ? 'Everything that was sent' : `Mail to ${to}`}</h1>
    <form class="search" method="get" action="/" role="search">
      <input type="text" name="to" value="${to}" placeholder="An address, or a part of one" aria-label="Mailbox"><button class="primary">Search</button></form>
    ${faultsOn.length > 0 && markup`<p class="note"><b>Faults on command</b>: ${faultsOn.join(', ')}</p>`}
    ${ruleNote(to)}
    ${messages.length === 0 ? emptyText(to, isFirst) : markup`<table class="mail"><thead><tr><th>When (UTC)</th><th>To</th><th>From</th><th>Subject</th><th>Size</th></tr></thead><tbody>${rows}</tbody></table>`}
    <div class="pages"><span>${!isFirst && markup`<a class="button" href="${mailboxPath(to)}">Newest</a>`}</span>
      <span>${older !== undefined && markup`<a class="button" href="${mailboxPath(to)}&amp;before=${older}">Earlier ones</a>`}</span></div>
  </section>${rulesCard()}`;
  return layout('Mail', content, BAR, BRAND);
}

/** One message. What it says in HTML is shown in a frame in which nothing runs. */
export function messagePage(message: Opened): string {
  const { id, receivedAt, recipients, from, to, subject, text, html, attachments, headers } = message;
  const facts: [string, string][] = [
    ['From', from],
    ['To', to],
    ['Brought to', recipients.join(', ')],
    ['Returns to', message.envelopeFrom || '(nobody)'],
    ['When', `${timeText(receivedAt)} UTC`],
  ];
  const content = markup`${STYLE}<section class="card">
    <h1>${subject || '(no subject)'}</h1>
    <table class="facts"><tbody>${facts.map(([name, value]) => markup`<tr><th>${name}</th><td>${value}</td></tr>`)}</tbody></table>
    ${attachments.length > 0 && markup`<p>Attached: ${attachments.map(({ name, bytes }) => markup`<span class="tag">${name}, ${bytes} bytes</span> `)}</p>`}
    ${
      html !== null &&
      markup`<iframe class="mail" title="The message" sandbox="allow-popups allow-popups-to-escape-sandbox" src="/messages/${id}/html"></iframe>`
    }
    <details ${html === null && 'open'}><summary>As plain text</summary><pre>${linked(text)}</pre></details>
    <details><summary>Headers</summary><pre>${headers.map(({ name, value }) => markup`<b>${name}:</b> ${value}\n`)}</pre></details>
    <p><a href="/messages/${id}/raw">As it came over the line</a></p>
  </section>`;
  return layout(subject, content, BAR, BRAND);
}

const BAR = markup`<span class="grow"></span><a href="/">All</a>`;

function emptyText(to: string, isFirst: boolean): Html {
  if (!isFirst) return markup`<p class="muted">There is nothing earlier.</p>`;
  return to === ''
    ? markup`<p class="muted">Nothing has been sent yet: invite a colleague under Settings → Users.</p>`
    : markup`<p class="muted">Nothing was sent there.</p>`;
}

/** Why a mailbox is empty, or late. */
function ruleNote(to: string): Html {
  const rule = ruleOf(to);
  return rule ? markup`<p class="note"><b>${rule.words[0]}</b> in the address: ${rule.says}</p>` : markup``;
}

function rulesCard(): Html {
  const rows = RULES.map(
    ({ words, says }) =>
      markup`<tr><td class="whole">${words.map((word) => markup`<span class="tag">${word}@…</span> `)}</td><td>${says}</td></tr>`,
  );
  return markup`<section class="card"><details><summary>Recipients that do not simply take their mail</summary>
    <p class="muted">A word of its own in the part before the @ decides, as in bob.full@…, full+7@… or full12@….</p>
    <table><tbody>${rows}</tbody></table></details></section>`;
}

/** Addresses in plain text become links, everything else stays text. */
function linked(text: string): Html[] {
  return text
    .split(/(https?:\/\/[^\s<>"']+)/)
    .map((part, nth) =>
      nth % 2 === 1 ? markup`<a href="${part}" target="_blank" rel="noopener noreferrer">${part}</a>` : markup`${part}`,
    );
}

const mailboxPath = (to: string): string => `/?to=${encodeURIComponent(to)}`;

const timeText = (at: Date): string => at.toISOString().replace('T', ' ').slice(0, 19);

function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
