import { connect } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { UnusedFiles } from '../../../src/command-center/files/unused-files.js';
import type { EmailDetail } from '../../../src/command-center/emails/email-view.dto.js';
import type { TemplateView } from '../../../src/command-center/templates/templates.dto.js';
import { Mailer, readySender } from '../emails/email-world.js';
import { createWorld, newTeam, type ProblemBody, type Team, type World } from '../world.js';
import { until } from '../../support/until.js';
import { bytesOf, download, MB, tryUpload, upload } from './files-world.js';

let world: World;
let team: Team;
let ann: Mailer;
let ben: Mailer;
let personId: string;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.end());

beforeEach(async () => {
  team = await newTeam(world, { reps: 2 });
  [ann, ben] = team.repClients.map((client) => new Mailer(client)) as [Mailer, Mailer];
  for (const rep of team.reps) await readySender(world, team, rep);
  ({ id: personId } = await ann.client.newPerson({ name: 'Grace', email: 'grace@example.com' }));
});

const files = (name: string, bytes: Buffer) => upload(world, team.reps[0]!, name, bytes);
const names = ({ attachments }: { attachments: { name: string }[] }) => attachments.map(({ name }) => name);
const count = async (table: string) =>
  (
    await world.database.dataSource.query<{ n: string }[]>(`SELECT count(*) AS n FROM ${table} WHERE team_id = $1`, [
      team.teamId,
    ])
  )[0]?.n;

describe('An upload', () => {
  test('comes back as it was, a byte at its edges included', async () => {
    for (const size of [1, 256 * 1024, 256 * 1024 + 1, 3 * MB]) {
      const bytes = bytesOf(size);
      const file = await files('Preisliste für Łódź.pdf', bytes);
      expect(file).toMatchObject({ name: 'Preisliste für Łódź.pdf', media_type: 'application/pdf', size });
      const email = await ann.write(personId, { attachments: [{ file_id: file.id }] });
      const path = `/v1/emails/${email.id}/attachments/${file.id}`;
      const answer = await download(world, path, team.reps[0]!.key);
      expect(answer.status).toBe(200);
      expect(bytes.equals(answer.body as Buffer)).toBe(true);
      expect(answer.headers['content-disposition']).toContain("filename*=UTF-8''Preisliste%20f%C3%BCr");
      expect(answer.headers['x-content-type-options']).toBe('nosniff');
    }
  });

  test('of more than 20 MB is refused, and nothing of it stays', async () => {
    const { status, body } = await tryUpload(world, team.reps[0]!, 'big.zip', Buffer.alloc(20 * MB + 1, 1));
    expect([status, (body as ProblemBody).detail]).toEqual([413, 'A file has at most 20 MB.']);
    expect([await count('files'), await count('file_chunks')]).toEqual(['0', '0']);
  });

  test('that grows too large without having said so is refused, too', async () => {
    const source = world.app.http
      .post('/v1/files?name=big.zip')
      .set({ Authorization: `Bearer ${team.reps[0]!.key}`, 'Content-Type': 'application/octet-stream' });
    for (let mb = 0; mb < 21; mb++) source.write(Buffer.alloc(MB, 1));
    const { status } = await source;
    expect(status).toBe(413);
    expect(await count('file_chunks')).toBe('0');
  });

  test('that breaks off leaves nothing behind', async () => {
    const { port } = new URL(await world.app.app.getUrl());
    const socket = connect(Number(port), '127.0.0.1');
    await once(socket, 'connect');
    const head = `POST /v1/files?name=a.pdf HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${team.reps[0]!.key}\r\n`;
    socket.write(`${head}Content-Type: application/octet-stream\r\nContent-Length: ${2 * MB}\r\n\r\n`);
    socket.write(Buffer.alloc(MB, 1));
    while ((await count('file_chunks')) === '0') await new Promise((resolve) => setImmediate(resolve));
    socket.destroy();
    while ((await count('files')) !== '0') await new Promise((resolve) => setImmediate(resolve));
    expect(await count('file_chunks')).toBe('0');
  });

  test.each([
    ['', 'name'],
    ['setup.exe', 'name'],
  ])('named %j is refused at once', async (name, field) => {
    const { status, body } = await tryUpload(world, team.reps[0]!, name, Buffer.from('x'));
    expect(status).toBe(400);
    expect((body as ProblemBody).errors[0]?.field).toBe(field);
  });

  test('is refused to whoever has 1 GB that nothing names, and to nobody else', async () => {
    const [row]: { id: string }[] = await world.database.dataSource.query(
      `INSERT INTO files (team_id, id, user_id, name, media_type, size, whole, created_at)
       SELECT $1, gen_random_uuid(), $2, 'a.zip', 'application/zip', 20971520, n > 1, now() FROM generate_series(1, 50) n
       RETURNING id`,
      [team.teamId, team.reps[0]!.userId],
    );
    const refused = await tryUpload(world, team.reps[0]!, 'a.pdf', Buffer.from('x'));
    expect([refused.status, (refused.body as ProblemBody).detail]).toEqual([413, expect.stringContaining('1 GB')]);
    expect((await tryUpload(world, team.reps[1]!, 'a.pdf', Buffer.from('x'))).status).toBe(200);
    await world.database.dataSource.query('UPDATE files SET whole = true WHERE team_id = $1', [team.teamId]);
    await ann.write(personId, { attachments: [{ file_id: row!.id }] });
    expect((await tryUpload(world, team.reps[0]!, 'a.pdf', Buffer.from('x'))).status).toBe(200);
    // It is full again. What is a day old is about to be removed, and counts no more.
    expect((await tryUpload(world, team.reps[0]!, 'a.pdf', Buffer.from('x'))).status).toBe(413);
    await world.database.dataSource.query('UPDATE files SET created_at = $2 WHERE team_id = $1', [
      ...[team.teamId, new Date(world.clock.now().getTime() - 86_400_000)],
    ]);
    expect((await tryUpload(world, team.reps[0]!, 'a.pdf', Buffer.from('x'))).status).toBe(200);
  });

  test('and many at once are no way around it', async () => {
    await world.database.dataSource.query(
      `INSERT INTO files (team_id, id, user_id, name, media_type, size, whole, created_at)
       SELECT $1, gen_random_uuid(), $2, 'a.zip', 'application/zip', 20971520, true, now() FROM generate_series(1, 49) n`,
      [team.teamId, team.reps[0]!.userId],
    );
    const holder = world.database.dataSource.createQueryRunner();
    await holder.startTransaction();
    // Nobody can begin one yet: each is as far as it gets alone.
    await holder.query('LOCK TABLE files IN SHARE MODE');
    const all = Promise.all(
      Array.from({ length: 4 }, () => tryUpload(world, team.reps[0]!, 'a.pdf', Buffer.from('x'))),
    );
    await until(async () => {
      const waits = `SELECT 1 FROM pg_locks WHERE relation = 'files'::regclass AND NOT granted`;
      return (await world.database.dataSource.query(waits)).length === 4;
    });
    await holder.commitTransaction();
    await holder.release();
    const statuses = (await all).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(1);
    expect(statuses.filter((status) => status !== 200)).toContain(413);
  });

  test('of nothing is refused', async () => {
    const { status } = await tryUpload(world, team.reps[0]!, 'empty.pdf', Buffer.alloc(0));
    expect(status).toBeGreaterThanOrEqual(400);
    expect(await count('files')).toBe('0');
  });
});

describe('Files of an email', () => {
  test('stay through edits of its text, and go when they are taken away', async () => {
    const [a, b] = [await files('a.pdf', bytesOf(10)), await files('b.png', bytesOf(20))];
    let email = await ann.write(personId, { attachments: [{ file_id: b.id }, { file_id: a.id, tracked: true }] });
    expect(email.attachments.map(({ name, tracked }) => [name, tracked])).toEqual([
      ['b.png', false],
      ['a.pdf', true],
    ]);
    email = (await ann.edit(email, { body: '<p>Other words</p>' })).body;
    expect(names(email)).toEqual(['b.png', 'a.pdf']);
    email = (await ann.edit(email, { attachments: [{ file_id: a.id }] })).body;
    expect(email).toMatchObject({ body: '<p>Other words</p>', attachments: [{ name: 'a.pdf', tracked: false }] });
    email = (await ann.edit(email, { attachments: [] })).body;
    expect(email.attachments).toEqual([]);
  });

  test('are one’s own: a colleague’s file cannot be attached or fetched', async () => {
    const file = await files('secret.pdf', bytesOf(10));
    const mine = await ann.write(personId, { attachments: [{ file_id: file.id }] });
    const { id: other } = await ben.client.newPerson({ name: 'Alan', email: 'alan@example.com' });
    const answer = await ben.client.refusal('post', '/v1/emails', {
      ...{ person_id: other, subject: 'x', body: 'x', attachments: [{ file_id: file.id }] },
    });
    expect(answer.body.errors).toEqual([{ field: 'attachments.0.file_id', message: 'is no file of yours' }]);
    const path = `/v1/emails/${mine.id}/attachments/${file.id}`;
    expect((await download(world, path, team.reps[1]!.key)).status).toBe(404);
    expect((await download(world, path, team.admin.key)).status).toBe(200);
  });

  test('are 20 MB in all; what goes as a link weighs nothing', async () => {
    const [a, b] = [await files('a.zip', Buffer.alloc(12 * MB, 1)), await files('b.zip', Buffer.alloc(9 * MB, 1))];
    const body = { person_id: personId, subject: 'x', body: 'x' };
    const both = [{ file_id: a.id }, { file_id: b.id }];
    const refused = await ann.client.refusal('post', '/v1/emails', { ...body, attachments: both });
    expect(refused.body.errors[0]).toMatchObject({ field: 'attachments' });
    expect(refused.body.errors[0]?.message).toContain('20 MB in all');
    const linked = [{ file_id: a.id }, { file_id: b.id, tracked: true }];
    expect((await ann.client.send('post', '/v1/emails', { ...body, attachments: linked })).status).toBe(201);
  });

  test('go with each email of a Select and Send, edited ones as well, and a bulk edit changes them all', async () => {
    const [a, b] = [await files('a.pdf', bytesOf(10)), await files('b.pdf', bytesOf(10))];
    const { id: other } = await ann.client.newPerson({ name: 'Alan', email: 'alan@example.com' });
    const batch = await ann.batch({
      ...{ kind: 'select', person_ids: [personId, other], schedule: { at: '2026-03-05T10:00:00Z' } },
      ...{ attachments: [{ file_id: a.id }], edits: [{ person_id: other, body: '<p>For Alan</p>' }] },
    });
    const all = async () => {
      const rows = await ann.folder('scheduled');
      return Promise.all(rows.map(({ id }) => ann.get(id)));
    };
    expect((await all()).map(names)).toEqual([['a.pdf'], ['a.pdf']]);
    await ann.client.send(
      'patch',
      `/v1/email-batches/${batch.id}`,
      { attachments: [{ file_id: b.id }] },
      { 'If-Match': '*' },
    );
    expect((await all()).map(names)).toEqual([['b.pdf'], ['b.pdf']]);
  });
});

describe('Files of a template', () => {
  const template = async (fields: object) =>
    (await ann.client.send<TemplateView>('post', '/v1/templates', { name: 'T', subject: 'S', body: 'B', ...fields }))
      .body;

  test('go with what a colleague begins with it, unless they say otherwise', async () => {
    const file = await files('brochure.pdf', bytesOf(10));
    const { id } = await template({ shared: true, attachments: [{ file_id: file.id, tracked: true }] });
    const { id: other } = await ben.client.newPerson({ name: 'Alan', email: 'alan@example.com' });
    const begun = await ben.client.send<EmailDetail>('post', '/v1/emails', { person_id: other, template_id: id });
    expect(begun.body.attachments).toMatchObject([{ file_id: file.id, tracked: true }]);
    const own = { person_id: other, template_id: id, attachments: [{ file_id: file.id }] };
    const changed = await ben.client.send<EmailDetail>('post', '/v1/emails', own);
    expect(changed.body.attachments).toMatchObject([{ file_id: file.id, tracked: false }]);
    const none = await ben.client.send<EmailDetail>('post', '/v1/emails', { ...own, attachments: [] });
    expect(none.body.attachments).toEqual([]);
  });

  test('are copied with it, change with it, and an edit of them alone is one', async () => {
    const file = await files('brochure.pdf', bytesOf(10));
    const first = await template({ shared: true, attachments: [{ file_id: file.id }] });
    const copy = (await ben.client.send<TemplateView>('post', `/v1/templates/${first.id}/duplicate`, {})).body;
    expect(names(copy)).toEqual(['brochure.pdf']);
    const headers = { 'If-Match': `"v${first.version}"` };
    const edited = await ann.client.send<TemplateView>(
      'patch',
      `/v1/templates/${first.id}`,
      { attachments: [] },
      headers,
    );
    expect(edited.body).toMatchObject({ attachments: [], version: first.version + 1 });
    expect(names(await ben.client.get<TemplateView>(`/v1/templates/${copy.id}`))).toEqual(['brochure.pdf']);
  });
});

test('A file that nothing names is removed after a day; one that is named stays', async () => {
  const [kept, left] = [await files('kept.pdf', bytesOf(10)), await files('left.pdf', bytesOf(10))];
  const [inTemplate] = [await files('template.pdf', bytesOf(10))];
  await ann.write(personId, { attachments: [{ file_id: kept.id }] });
  await ann.client.send('post', '/v1/templates', {
    ...{ name: 'T', subject: 'S', body: 'B', attachments: [{ file_id: inTemplate.id }] },
  });
  const remove = () => world.app.app.get(UnusedFiles).remove();
  await remove();
  expect(await count('files')).toBe('3');
  world.clock.advance(25 * 3_600_000);
  await remove();
  world.clock.set('2026-03-04T10:00:00Z');
  const ids = await world.database.dataSource.query<{ id: string }[]>('SELECT id FROM files WHERE team_id = $1', [
    team.teamId,
  ]);
  expect(ids.map(({ id }) => id).sort()).toEqual([kept.id, inTemplate.id].sort());
  expect(ids.map(({ id }) => id)).not.toContain(left.id);
});
