import { request as plainRequest } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
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

  it('a method that a path does not have, with those that it has', async () => {
    for (const [method, path, allow] of [
      ['put', '/v1/tasks', 'GET, HEAD, OPTIONS, POST'],
      ['delete', '/v1/me', 'GET, HEAD, OPTIONS, PATCH'],
      ['post', `/v1/tasks/${team.teamId}`, 'DELETE, GET, HEAD, OPTIONS, PATCH'],
      ['patch', '/health/live', 'GET, HEAD, OPTIONS'],
    ] as const) {
      const { status, body, headers } = await test.http[method](path).set(admin());
      expect([path, status, body.code, headers.allow]).toEqual([path, 405, 'method_not_allowed', allow]);
    }
    const { status, body } = await test.http.delete('/v1/nothing').set(admin());
    expect([status, body.code]).toEqual([404, 'not_found']);
  });

  it('OPTIONS says what a path allows, and lets in no other site', async () => {
    const { headers } = await test.http.options('/v1/tasks').set('Origin', 'https://evil.example').expect(204);
    expect(headers).toMatchObject({ allow: 'GET, HEAD, OPTIONS, POST', 'cache-control': 'no-store' });
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    await test.http.options('/v1/nothing').expect(404);
  });

  it('HEAD answers as GET does, without the body', async () => {
    const { headers, text } = await test.http.head('/v1/me').set(admin()).expect(200);
    expect([headers['content-type'], text]).toEqual(['application/json; charset=utf-8', undefined]);
    await test.http.head('/v1/nothing').expect(404);
  });

  it('what Node cannot or will not read', async () => {
    const { port } = test.app.getHttpServer().address() as AddressInfo;
    const long = 'x'.repeat(20_000);
    for (const [sent, status, code] of [
      [`GET /v1/tasks?q=${long} HTTP/1.1\r\nHost: a\r\n\r\n`, 431, 'headers_too_large'],
      [`GET /v1/me HTTP/1.1\r\nHost: a\r\nX-Long: ${long}\r\n\r\n`, 431, 'headers_too_large'],
      ['no such thing\r\n\r\n', 400, 'unreadable_request'],
    ] as const) {
      const [head = '', body = ''] = (await answerTo(port, sent)).split('\r\n\r\n');
      expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      const problem = JSON.parse(body) as Record<string, unknown>;
      expect(problem).toMatchObject({ status, code, errors: [] });
      expect(head).toContain(`X-Request-Id: ${String(problem.instance)}`);
      expect(head).toContain('application/problem+json');
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

/** All that comes back for these bytes. */
function answerTo(port: number, sent: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(sent));
    socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
    socket.on('error', reject).on('close', () => resolve(answer));
  });
}
