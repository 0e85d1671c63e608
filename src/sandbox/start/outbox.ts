import { setTimeout as delay } from 'node:timers/promises';
import { apiClient, JsonClient } from './http-json.js';
import { opensByLink, uploadPriceList } from './price-list.js';
import { ProgressBar } from './progress-bar.js';
import type { Sandbox } from './set-up.js';
import { StartRefused } from './start-refused.js';
import { plural, type Terminal } from './terminal.js';

/** An email as the API shows it. */
export interface SentEmail {
  to_address: string | null;
  to_name: string;
  folder: string;
  reason: { code: string; text: string; detail: string | null } | null;
}

export interface Outbox {
  emails: SentEmail[];
  /** Messages that came to the mailboxes, and how many mailboxes have one twice. */
  arrived: number;
  doubles: number;
  /** Whether the file that goes as a link opens by it. */
  opens: boolean;
}

const PEOPLE = 50;
const IN_SECONDS = 3;
const LOOK_EVERY_MS = 300;
const WAIT_MS = 90_000;
const DOMAIN = 'customers.example';
const FIRST = ['Ada', 'Alan', 'Barbara', 'Claude', 'Donald', 'Edsger', 'Frances', 'Grace', 'Hedy', 'Joan'];
const LAST = ['Adams', 'Baker', 'Carter', 'Dawson', 'Ellis'];
/** Simulated recipients: the word before the @ says what their server does. */
const UNUSUAL: Record<number, string> = { 7: 'nobody.7', 18: 'nobody.18', 29: 'policy.29' };

/** What a rep does on a good morning: a Select and Send to fifty people, which leaves at its time. */
export async function sendToFifty({ stack, team }: Sandbox, terminal: Terminal): Promise<Outbox> {
  const [rep] = team.reps;
  if (!rep) throw new StartRefused('The team has no rep.');
  const client = apiClient(stack.apiUrl, rep.key);
  const mailbox = new JsonClient(stack.mailboxUrl);
  await confirmAddress(client, mailbox, rep);
  const personIds = await makePeople(client);
  const before = await copiesIn(mailbox);
  const at = new Date(Date.now() + IN_SECONDS * 1000);
  const batch = await client.send<{ id: string; emails: number }>('POST', '/v1/email-batches', {
    ...{ kind: 'select', person_ids: personIds, schedule: { at: at.toISOString() } },
    attachments: [{ file_id: await uploadPriceList(client), tracked: true }],
    subject: 'A question about {{company}}, {{first_name}}',
    body: '<p>Hello {{first_name}},</p><p>may I show {{company}} in a quarter of an hour what we made of your idea?</p>',
  });
  terminal.done('Scheduled', `${plural(batch.emails, 'email')} by ${rep.name}, for ${at.toTimeString().slice(0, 8)}`);
  const emails = await follow(client, batch.id, terminal);
  const after = await copiesIn(mailbox);
  const opens = await opensByLink(await newestHtml(mailbox));
  return { emails, arrived: after.messages - before.messages, doubles: after.bySubject.count, opens };
}

async function newestHtml(mailbox: JsonClient): Promise<string | null> {
  const { messages } = await mailbox.get<{ messages: { html: string | null }[] }>('/mailbox/messages?limit=1');
  return messages[0]?.html ?? null;
}

function copiesIn(mailbox: JsonClient): Promise<{ messages: number; bySubject: { count: number } }> {
  return mailbox.get('/mailbox/copies');
}

/** Lines for the terminal: where they are now, and why some are not delivered. */
export function outboxTable({ emails }: Outbox): string[] {
  const folders = new Map<string, number>();
  for (const { folder } of emails) folders.set(folder, (folders.get(folder) ?? 0) + 1);
  return [
    ...[...folders].map(([folder, n]) => `  ${folder.padEnd(12)}${String(n).padStart(6)}`),
    ...emails
      .filter(({ folder }) => folder !== 'delivered')
      .map(({ to_name: name, reason }) => `    ${name}: ${reason?.text ?? ''} ${reason?.detail ?? ''}`.trimEnd()),
  ];
}

/** The rep shows by a code from their mailbox that the address is theirs. */
async function confirmAddress(
  client: JsonClient,
  mailbox: JsonClient,
  rep: { name: string; email: string },
): Promise<void> {
  const body = { email: rep.email, name: rep.name, signature: `<p>Best regards<br>${rep.name}</p>` };
  const { id } = await client.send<{ id: string }>('POST', '/v1/identities', body);
  await client.send('POST', `/v1/identities/${id}/code`);
  const query = new URLSearchParams({ recipient: rep.email });
  for (const until = performance.now() + WAIT_MS; performance.now() < until; await delay(LOOK_EVERY_MS)) {
    const { messages } = await mailbox.get<{ messages: { subject: string }[] }>(
      `/mailbox/messages?${query.toString()}`,
    );
    const code = messages.map(({ subject }) => /^(\d{6}) is your code/.exec(subject)?.[1]).find(Boolean);
    if (code === undefined) continue;
    await client.send('POST', `/v1/identities/${id}/confirm`, { code });
    return;
  }
  throw new StartRefused(`The code for ${rep.email} did not come.`);
}

/** One of them has unsubscribed, one has no address, and some have servers that take no mail. */
async function makePeople(client: JsonClient): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < PEOPLE; n++) {
    const [first = '', last = ''] = [FIRST[n % FIRST.length], LAST[Math.floor(n / FIRST.length)]];
    const local = UNUSUAL[n] ?? `${first}.${last}`.toLowerCase();
    const email = n === 40 ? null : `${local}@${DOMAIN}`;
    const person = { name: `${first} ${last}`, email, company: `${last} & Sons`, title: 'Head of Operations' };
    ids.push((await client.send<{ id: string }>('POST', '/v1/people', person)).id);
  }
  await client.send('POST', `/v1/people/${ids[33]}/unsubscribe`, { reason: 'Asked on the phone' });
  return ids;
}

async function follow(client: JsonClient, batchId: string, terminal: Terminal): Promise<SentEmail[]> {
  const bar = new ProgressBar(terminal, 'emails');
  for (const until = performance.now() + WAIT_MS; performance.now() < until; await delay(LOOK_EVERY_MS)) {
    const { folders, emails } = await client.get<{ folders: Record<string, number>; emails: number }>(
      `/v1/email-batches/${batchId}`,
    );
    const pending = (folders.scheduled ?? 0) + (folders.in_progress ?? 0);
    bar.show(emails - pending, emails);
    if (pending > 0) continue;
    bar.finish(emails);
    const pages = Object.keys(folders).map((folder) =>
      client.get<{ data: SentEmail[] }>(`/v1/emails?folder=${folder}&batch_id=${batchId}&limit=200`),
    );
    return (await Promise.all(pages)).flatMap(({ data }) => data);
  }
  throw new StartRefused('Not all emails have left in time: see the log of the product.');
}
