import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { limitInfoOf } from '../../../src/salesforce/client/salesforce-caller.js';
import type { ApiUsage } from '../../../src/salesforce/client/types.js';
import { until } from '../../support/until.js';
import {
  cutBefore,
  cutInBody,
  errorOf,
  hang,
  hangInBody,
  json,
  refusal,
  StubServer,
  StubSessions,
  stubClient,
} from './stub-server.js';

let server: StubServer;
let sessions: StubSessions;

beforeAll(async () => {
  server = await StubServer.start();
});
afterAll(() => server.stop());
beforeEach(() => {
  server.reset();
  sessions = new StubSessions(server.url);
});

const rows = (count: number) =>
  json(200, { totalSize: count, done: true, records: Array.from({ length: count }, (_, n) => ({ Id: String(n) })) });
const read = { deletedToo: false };
const SOQL = 'SELECT Id FROM Task LIMIT 10';
const update = [{ op: 'update' as const, object: 'Task', id: '00T000000000001EAA', fields: { Subject: 'x' } }];
const urls = () => server.received.map(({ url }) => url);

describe('a time-out', () => {
  it.each([
    ['nothing comes', hang],
    ['the answer begins and does not end', hangInBody],
  ])('ends a call when %s', async (_name, reply) => {
    server.fallback = reply;
    const began = performance.now();
    const error = await errorOf(stubClient(sessions).write(update, { timeoutMs: 300 }));
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(error).toMatchObject({ code: 'TIMEOUT', kind: 'retry', doubtful: true });
    expect(server.received).toHaveLength(1);
  });

  it('of the configuration holds without an option, and cannot be exceeded by one', async () => {
    server.fallback = hang;
    const client = stubClient(sessions, { timeoutMs: 200 });
    expect((await errorOf(client.write(update))).code).toBe('TIMEOUT');
    expect((await errorOf(client.write(update, { timeoutMs: 60_000 }))).code).toBe('TIMEOUT');
  });

  it.each([
    ['nothing comes', hang],
    ['the answer begins and does not end', hangInBody],
  ])('is when the guard says so while %s; a call after that is not sent', async (_name, reply) => {
    server.fallback = reply;
    const lost = new AbortController();
    const client = stubClient(sessions).guardedBy(() => Promise.resolve(lost.signal));
    const call = errorOf(client.write(update));
    await until(() => server.received.length === 1);
    lost.abort();
    expect(await call).toMatchObject({ code: 'TIMEOUT', kind: 'retry', doubtful: true });
    expect(await errorOf(client.write(update))).toMatchObject({ code: 'TIMEOUT', doubtful: false });
    expect(server.received).toHaveLength(1);
  });
});

describe('a connection that breaks off', () => {
  it.each([
    ['before the answer', cutBefore],
    ['inside the answer', cutInBody],
  ])('%s leaves a write in doubt, never sent twice', async (_name, reply) => {
    server.fallback = reply;
    const error = await errorOf(stubClient(sessions).write(update));
    expect(error).toMatchObject({ code: 'CONNECTION_RESET', kind: 'retry', doubtful: true });
    expect(server.received).toHaveLength(1);
  });

  it.each([
    ['before the answer', cutBefore],
    ['inside the answer', cutInBody],
  ])('%s lets a read be asked again', async (_name, reply) => {
    server.next(reply, reply, rows(2));
    const { records } = await stubClient(sessions).page(SOQL, read);
    expect(records).toHaveLength(2);
    expect(server.received).toHaveLength(3);
  });

  it('before anything was sent is no doubt', async () => {
    const gone = await StubServer.start();
    const { url } = gone;
    await gone.stop();
    const error = await errorOf(stubClient(new StubSessions(url)).write(update));
    expect(error).toMatchObject({ code: 'UNREACHABLE', kind: 'retry', doubtful: false });
  });
});

describe('retries', () => {
  it('a read costs at most three requests, all of them counted', async () => {
    server.fallback = refusal(503, 'SERVER_UNAVAILABLE');
    const client = stubClient(sessions);
    expect((await errorOf(client.page(SOQL, { ...read, purpose: 'pull' }))).code).toBe('SERVER_UNAVAILABLE');
    expect(server.received).toHaveLength(3);
    expect(client.calls.total).toBe(3);
    expect([...client.calls.byPurpose]).toEqual([['pull', 3]]);
  });

  it('a retrieve is a read, although it is a POST', async () => {
    server.next(refusal(500, 'UNKNOWN_EXCEPTION'), json(200, [{ Id: '00T000000000001EAA' }]));
    const [row] = await stubClient(sessions).retrieve('Task', ['00T000000000001'], ['Subject']);
    expect(row).toEqual({ Id: '00T000000000001EAA' });
  });

  it.each(['create', 'update', 'delete'] as const)('a %s is sent once, whatever comes back', async (op) => {
    server.fallback = refusal(503, 'SERVER_UNAVAILABLE');
    const request = { op, object: 'Task', id: '00T000000000001EAA', fields: {} };
    await errorOf(stubClient(sessions).write([request]));
    expect(server.received).toHaveLength(1);
  });

  it('what will not change is not asked again', async () => {
    server.fallback = refusal(400, 'MALFORMED_QUERY');
    await errorOf(stubClient(sessions).page(SOQL, read));
    server.fallback = json(403, [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' }]);
    expect((await errorOf(stubClient(sessions).page(SOQL, read))).kind).toBe('limit');
    expect(server.received).toHaveLength(2);
  });

  it('each request asks the guard', async () => {
    server.next(refusal(503, 'SERVER_UNAVAILABLE'), rows(0));
    let asked = 0;
    const client = stubClient(sessions);
    const guarded = client.guardedBy(() => Promise.resolve((asked++, new AbortController().signal)));
    await guarded.page(SOQL, read);
    expect(asked).toBe(2);
    expect([guarded.calls.total, client.calls.total]).toEqual([2, 2]);
  });

  it('a guard that throws stops the call with its own error', async () => {
    const client = stubClient(sessions).guardedBy(() => Promise.reject(new Error('the lease is lost')));
    await expect(client.page(SOQL, read)).rejects.toThrow('the lease is lost');
    expect(server.received).toHaveLength(0);
  });
});

describe('an ended session', () => {
  it('is renewed once and the call made again, a write too', async () => {
    server.next(
      refusal(401, 'INVALID_SESSION_ID'),
      json(200, [{ id: '00T000000000001EAA', success: true, errors: [] }]),
    );
    const [result] = await stubClient(sessions).write(update);
    expect(result).toEqual({ ok: true, id: '00T000000000001EAA', created: false });
    expect(server.received.map(({ headers }) => headers.authorization)).toEqual(['Bearer token-0', 'Bearer token-1']);
  });

  it('401 for ever is bounded: three calls, two renewals, then a clear state', async () => {
    server.fallback = refusal(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
    const error = await errorOf(stubClient(sessions).page(SOQL, read));
    expect(error).toMatchObject({ kind: 'stopped', code: 'INVALID_SESSION_ID' });
    expect(server.received).toHaveLength(3);
    expect(sessions.renewed).toBe(2);
    expect(sessions.stoppedBy?.message).toBe('Session expired or invalid');
  });

  it('in a SOAP fault is renewed too, and the new token is in the new envelope', async () => {
    const xml = (body: string, status: number) => (_: unknown, response: import('node:http').ServerResponse) => {
      response.writeHead(status, { 'content-type': 'text/xml; charset=utf-8' });
      response.end(
        `<soapenv:Envelope xmlns:soapenv="s" xmlns="u"><soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`,
      );
    };
    server.next(
      xml(
        '<soapenv:Fault><faultcode>sf:INVALID_SESSION_ID</faultcode><faultstring>INVALID_SESSION_ID: x</faultstring></soapenv:Fault>',
        500,
      ),
      xml('<undeleteResponse><result><id>00T000000000001</id><success>true</success></result></undeleteResponse>', 200),
    );
    const results = await stubClient(sessions).undelete(['00T000000000001']);
    expect(results).toEqual([{ ok: true, id: '00T000000000001EAA' }]);
    expect(server.received[1]?.body).toContain('<sessionId>token-1</sessionId>');
  });

  it('that SOAP would refuse for its form is not sent there, and is no reason to log in again', async () => {
    const session = { accessToken: 'eyJhbGciOiJSUzI1NiJ9.e30.x', instanceUrl: server.url, generation: 1 };
    const never = () => Promise.reject(new Error('The session was doubted.'));
    const source = { current: () => Promise.resolve(session), renew: never, refused: never };
    const [result] = await stubClient(source).undelete(['00T000000000001']);
    expect(result).toMatchObject({ ok: false, error: { code: 'SOAP_TAKES_NO_JWT', kind: 'user' } });
    expect(server.received).toEqual([]);
  });
});

describe('where requests go', () => {
  it('a redirect is not followed: the token goes nowhere else', async () => {
    const other = await StubServer.start();
    server.fallback = json(302, '', { location: `${other.url}/stolen` });
    const error = await errorOf(stubClient(sessions).page(SOQL, read));
    expect(error).toMatchObject({ code: 'UNEXPECTED_REDIRECT', kind: 'retry' });
    // Once more with a new session, whose answer would say where the org has moved.
    expect([server.received.length, sessions.renewed, sessions.stoppedBy]).toEqual([2, 1, undefined]);
    expect(other.received).toHaveLength(0);
    await other.stop();
  });

  it('an address of another host in an answer is not followed', async () => {
    server.next(json(200, { totalSize: 2, done: false, nextRecordsUrl: 'http://127.0.0.2/x', records: [{}] }));
    expect((await errorOf(stubClient(sessions).page(SOQL, read))).message).toContain('left the host');
    expect(server.received).toHaveLength(1);
  });

  it('says the version, the client and nothing that is not needed', async () => {
    server.next(rows(0));
    await stubClient(sessions).page("SELECT Id\n FROM Task\n WHERE Subject = 'a b'", { deletedToo: true });
    expect(urls()).toEqual([
      `/services/data/v62.0/queryAll?q=${encodeURIComponent("SELECT Id FROM Task WHERE Subject = 'a b'").replaceAll("'", '%27')}`,
    ]);
    expect(server.received[0]?.headers['sforce-call-options']).toBe('client=CommandCenter');
  });
});

describe('the limit info', () => {
  it('is read from each answer, refusals included', async () => {
    const seen: ApiUsage[] = [];
    const begin = () => Promise.resolve((usage?: ApiUsage) => void (usage && seen.push(usage)));
    const client = stubClient(sessions, { meter: { begin } });
    const info = (used: number) => ({ 'Sforce-Limit-Info': `api-usage=${used}/100000, per-app-api-usage=17/250` });
    server.next(json(400, [{ errorCode: 'MALFORMED_QUERY', message: 'x' }], info(11)));
    await errorOf(client.page(SOQL, read));
    server.next(json(200, { totalSize: 0, done: true, records: [] }, info(12)));
    await client.page(SOQL, read);
    expect(seen).toEqual([11, 12].map((used) => ({ used, limit: 100_000 })));
  });

  it('may be absent', () => {
    expect(limitInfoOf(undefined)).toBeUndefined();
    expect(limitInfoOf('something-else=1')).toBeUndefined();
  });
});

describe('writes that Composite would misread', () => {
  it('keep the results of the first call when the second fails', async () => {
    const ok = (...ids: string[]) => ids.map((id) => ({ id, success: true, errors: [] }));
    server.next(json(200, ok('00T000000000001EAA')), cutBefore);
    const results = await stubClient(sessions).write([
      { op: 'create', object: 'Task', fields: { Subject: '@{x.id}' } },
      { op: 'create', object: 'Task', fields: { Subject: 'plain' } },
    ]);
    expect(results).toMatchObject([
      { ok: false, error: { code: 'CONNECTION_RESET', doubtful: true } },
      { ok: true, id: '00T000000000001EAA', created: true },
    ]);
  });
});
