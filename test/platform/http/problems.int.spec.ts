import { request as plainRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, createTestApp, makeTeam, type TestApp, type TestTeam } from '../../support/app.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

describe('every failure is a problem document', () => {
  let database: TestDatabase;
  let test: TestApp;
  let team: TestTeam;

  beforeAll(async () => {
    database = await createTestDatabase();
    test = await createTestApp({ database });
    team = await makeTeam(test, { reps: 1 });
  });
  afterAll(async () => {
    await test.close();
    await database.drop();
  });

  const admin = () => bearer(team.admin.key);
  const post = (path = '/v1/users') => test.http.post(path).set(admin());

  it('with its type, title, status, detail, code and the id of the request', async () => {
    const answer = await test.http.get('/v1/nothing').set('X-Request-Id', 'abc-1').expect(404);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.headers['x-request-id']).toBe('abc-1');
    expect(answer.body).toEqual({
      type: `${test.config.publicUrl}/errors/not_found`,
      title: 'There is no such thing here',
      status: 404,
      detail: 'Cannot GET /v1/nothing',
      instance: 'abc-1',
      code: 'not_found',
      errors: [],
    });
    const { body } = await test.http.get('/errors/not_found').expect(200);
    expect(body).toMatchObject({ code: 'not_found', status: 404 });
    await test.http.get('/errors/constructor').expect(404);
  });

  it('an answer has a request id of its own when none or a strange one was sent', async () => {
    for (const sent of ['', 'a b', 'x'.repeat(200)]) {
      const { headers } = await test.http.get('/health/live').set('X-Request-Id', sent).expect(200);
      expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it('malformed JSON', async () => {
    const { body, status } = await post().set('Content-Type', 'application/json').send('{"a": ');
    expect([status, body.code]).toEqual([400, 'invalid_input']);
    expect(body.detail).toMatch(/^The body is not valid JSON/);
  });

  it('a body that is no object', async () => {
    for (const text of ['[]', '"text"', '[{"name": 1}]', 'null', '']) {
      const { body, status } = await post().set('Content-Type', 'application/json').send(text);
      expect([text, status, body.code]).toEqual([text, 400, 'invalid_input']);
    }
  });

  it('a body that is too large', async () => {
    const { body, status } = await post().send({ name: 'x'.repeat(1_100_000) });
    expect([status, body.code]).toEqual([413, 'payload_too_large']);
  });

  it('a body of another type', async () => {
    const { body, status } = await post().set('Content-Type', 'text/plain').send('name=x');
    expect([status, body.code]).toEqual([415, 'unsupported_media_type']);
  });

  it('a field that is not known', async () => {
    const input = { email: 'x@example.com', name: 'X', is_admin: true };
    const { body, status } = await post().send(input);
    expect([status, body.errors]).toEqual([400, [{ field: 'is_admin', message: 'is not a field here' }]]);
    const query = await test.http.get('/v1/users?colour=red').set(admin());
    expect([query.status, query.body.errors[0].field]).toEqual([400, 'colour']);
  });

  it('an id that cannot be one', async () => {
    for (const id of ['1', "x'; DROP TABLE users", '0000', '00000000-0000-7000-8000-00000000000g', '%00']) {
      const { status, body } = await test.http.get(`/v1/users/${encodeURIComponent(id)}`).set(admin());
      expect([id, status, body.code]).toEqual([id, 404, 'not_found']);
    }
  });

  it('a path that is not valid UTF-8', async () => {
    const { port } = test.app.getHttpServer().address() as AddressInfo;
    const status = await new Promise((resolve, reject) => {
      const call = plainRequest({ port, path: '/v1/users/%FF', headers: admin() }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      call.on('error', reject).end();
    });
    expect(status).toBe(400);
  });

  it('a character that the database cannot keep', async () => {
    const { status, body } = await post().send({ email: 'nul@example.com', name: 'a\u0000b' });
    expect([status, body.code]).toEqual([400, 'invalid_input']);
    expect(JSON.stringify(body)).not.toMatch(/INSERT|users/);
  });

  it('a character that cannot be kept as it was sent', async () => {
    for (const field of ['name', 'email']) {
      const input = JSON.stringify({ email: 'half@example.com', name: 'Half', [field]: 'a\ud800@example.com' });
      const { status, body } = await post().set('Content-Type', 'application/json').send(input);
      expect([field, status, body.errors[0]?.field]).toEqual([field, 400, field]);
    }
  });

  it('a body that is nested without end', async () => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const input = `{"name":${open.repeat(20_000)}1${close.repeat(20_000)}}`;
      const { status, body } = await post().set('Content-Type', 'application/json').send(input);
      expect([status, body.code, body.detail]).toEqual([400, 'invalid_input', expect.stringMatching(/nested deeper/)]);
    }
  });

  it('a cursor that is none', async () => {
    const page = await test.http.get('/v1/users?limit=1').set(admin()).expect(200);
    const next = page.body.next as string;
    for (const after of ['x', next.slice(0, -4), `${next.slice(0, 5)}AAAA${next.slice(9)}`, '%00', 'a'.repeat(3000)]) {
      const { status, body } = await test.http.get(`/v1/users?after=${after}`).set(admin());
      expect([after, status, body.code, body.errors[0]?.field]).toEqual([after, 400, 'invalid_input', 'after']);
    }
    for (const limit of ['0', '201', 'x', '1.5', '-1']) {
      const { status, body } = await test.http.get(`/v1/users?limit=${limit}`).set(admin());
      expect([limit, status, body.errors[0]?.field]).toEqual([limit, 400, 'limit']);
    }
  });
});
