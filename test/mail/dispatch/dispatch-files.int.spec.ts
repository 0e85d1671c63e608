import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type ParsedMail, simpleParser } from 'mailparser';
import { scrub } from '../../../src/platform/logging/scrub.js';
import { bytesOf, download, MB, upload } from '../../command-center/files/files-world.js';
import { DispatchWorld } from './dispatch-world.js';

let base: DispatchWorld;
let world: DispatchWorld;

beforeAll(async () => {
  base = await DispatchWorld.create();
});
afterAll(() => base.end());

beforeEach(async () => {
  base.world.clock.set('2026-03-04T10:00:00Z');
  world = await base.another();
});
afterEach(async () => {
  await base.mail.control({});
  await base.mail.clear();
});

const file = (name: string, bytes: Buffer) => upload(world.world, world.team.reps[0]!, name, bytes);

async function rawOf(address: string): Promise<string> {
  const [message] = await world.mail.messages(address);
  const response = await fetch(`${world.mail.url}/messages/${message?.id}/raw`);
  return Buffer.from(await response.arrayBuffer()).toString('latin1');
}

const arrived = async (address: string): Promise<ParsedMail> =>
  simpleParser(Buffer.from(await rawOf(address), 'latin1'));

const linkIn = (html: string): string => /href="[^"]*(\/c\/[^"]+)"/.exec(html)?.[1] ?? '';

test('files arrive as they were, by the names that they have in any language', async () => {
  const [first, second] = [bytesOf(3 * MB + 7), bytesOf(100)];
  const files = [await file('Angebot für Łódź — 報告.pdf', first), await file('b.png', second)];
  const email = await world.write('grace@example.com', { attachments: files.map(({ id }) => ({ file_id: id })) });
  await world.run();
  expect(await world.stateOf(email.id)).toBe('delivered');
  const mail = await arrived('grace@example.com');
  expect(mail.attachments.map(({ filename, contentType }) => [filename, contentType])).toEqual([
    ['Angebot für Łódź — 報告.pdf', 'application/pdf'],
    ['b.png', 'image/png'],
  ]);
  expect(mail.attachments.map(({ content }, index) => content.equals([first, second][index]!))).toEqual([true, true]);
  expect(mail.text).toContain('Hello Grace');
  expect(mail.html).toContain('Hello Grace');
});

test('an email as a file, and anything that calls itself one, arrives byte by byte', async () => {
  const eml = Buffer.from(`From: a@b.example\nSubject: x\n\n.hello\nKöln ${'x'.repeat(3_000)}\n`, 'latin1');
  const mht = bytesOf(5_000);
  const files = [await file('a.eml', eml), await file('b.mht', mht)];
  await world.write('grace@example.com', { attachments: files.map(({ id }) => ({ file_id: id })) });
  await world.run();
  const raw = await rawOf('grace@example.com');
  // RFC 5321, 4.5.3.1.6.
  expect(Math.max(...raw.split('\r\n').map((line) => line.length))).toBeLessThan(999);
  expect(raw).not.toMatch(/8bit/i);
  const { attachments } = await arrived('grace@example.com');
  expect(attachments.map(({ content }, index) => content.equals([eml, mht][index]!))).toEqual([true, true]);
});

test('20 MB go in one message, which is never whole in memory', async () => {
  const { id } = await file('a.zip', bytesOf(20 * MB));
  const email = await world.write('grace@example.com', { attachments: [{ file_id: id }] });
  await world.run();
  expect(await world.rep.get(email.id)).toMatchObject({ state: 'delivered' });
  expect((await arrived('grace@example.com')).attachments[0]?.size).toBe(20 * MB);
});

test('a message larger than the server says it takes fails with words, and the others go on', async () => {
  await base.mail.control({ maxBytes: 2 * MB });
  const { id } = await file('a.zip', bytesOf(3 * MB));
  const email = await world.write('grace@example.com', { attachments: [{ file_id: id }] });
  const next = await world.write('alan@example.com');
  await world.run();
  expect(await world.rep.get(email.id)).toMatchObject({
    state: 'failed',
    reason: { code: 'refused', detail: expect.stringContaining('messages of at most 2.0 MB') },
  });
  expect(await world.stateOf(next.id)).toBe('delivered');
});

test('a file that cannot be read sends nothing; the email is tried again and arrives once', async () => {
  const { id } = await file('a.pdf', bytesOf(2 * MB));
  const email = await world.write('grace@example.com', { attachments: [{ file_id: id }] });
  await world.sql('UPDATE file_chunks SET position = position + 100 WHERE file_id = $1 AND position > 2', [id]);
  await world.run();
  expect(await world.rep.get(email.id)).toMatchObject({ state: 'scheduled', waiting: { for: 'retry' } });
  expect(await world.mail.messages('grace@example.com')).toEqual([]);
  await world.sql('UPDATE file_chunks SET position = position - 100 WHERE file_id = $1 AND position > 100', [id]);
  base.world.clock.advance(120_000);
  await world.run();
  expect(await world.stateOf(email.id)).toBe('delivered');
  expect(await world.mail.messages('grace@example.com')).toHaveLength(1);
});

test('tracked content goes as a link of each recipient’s own, before the signature, and opens for whoever has it', async () => {
  const bytes = bytesOf(300_000);
  const { id } = await file('Price list.pdf', bytes);
  const email = await world.write('grace@example.com', { attachments: [{ file_id: id, tracked: true }] });
  await world.run();
  const mail = await arrived('grace@example.com');
  expect(mail.attachments).toEqual([]);
  const html = mail.html as string;
  expect(html.indexOf('Price list.pdf')).toBeLessThan(html.indexOf('Regards, Rep One'));
  expect(mail.text).toContain('Price list.pdf');
  const path = linkIn(html);
  const answer = await download(world.world, path);
  expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/pdf']);
  expect(answer.headers['content-disposition']).toMatch(/^inline/);
  expect(bytes.equals(answer.body as Buffer)).toBe(true);
  expect(scrub(`GET ${path}`)).toBe('GET /c/[redacted]');
  await world.rep.act(email.id, 'archive');
  expect((await download(world.world, path)).status).toBe(200);
});

test('a link opens also while the copy that has it is in doubt, and the email is tried once more', async () => {
  await base.mail.control({ dropAfterData: 1 });
  const { id } = await file('a.pdf', bytesOf(10));
  const email = await world.write('grace@example.com', { attachments: [{ file_id: id, tracked: true }] });
  await world.run();
  const path = linkIn((await arrived('grace@example.com')).html as string);
  for (const state of ['uncertain', 'scheduled']) {
    expect(await world.stateOf(email.id)).toBe(state);
    expect((await download(world.world, path)).status).toBe(200);
    if (state === 'uncertain') await world.rep.act(email.id, 'retry', { even_if_uncertain: true });
  }
});

test('a link stands where the text places it, and nowhere else', async () => {
  const { id } = await file('a & b.pdf', bytesOf(10));
  const body = '<p>First</p>{{ tracked_content }}<p>Last</p>';
  await world.write('grace@example.com', { body, attachments: [{ file_id: id, tracked: true }] });
  await world.run();
  const html = (await arrived('grace@example.com')).html as string;
  expect(html.split('/c/')).toHaveLength(2);
  expect(html.indexOf('a &amp; b.pdf')).toBeLessThan(html.indexOf('Last'));
});

test('a link that was changed, or is of an email that was not sent, shows a page and no file', async () => {
  const { id } = await file('a.html', bytesOf(10));
  const email = await world.write('grace@example.com', { attachments: [{ file_id: id, tracked: true }] });
  await world.run();
  const path = linkIn((await arrived('grace@example.com')).html as string);
  const shown = await download(world.world, path);
  // Nothing that could run is shown on our own address.
  expect(shown.headers['content-disposition']).toMatch(/^attachment/);
  expect(shown.headers['content-security-policy']).toContain('sandbox');
  const changed = `${path.slice(0, -2)}${path.endsWith('AA') ? 'BB' : 'AA'}`;
  for (const wrong of [changed, '/c/x', `${path}A`]) {
    const answer = await download(world.world, wrong);
    expect([answer.status, answer.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8']);
  }
  await world.sql(`UPDATE emails SET state = 'failed', folder = 'failed', reason = 'refused' WHERE id = $1`, [
    email.id,
  ]);
  expect((await download(world.world, path)).status).toBe(404);
});
