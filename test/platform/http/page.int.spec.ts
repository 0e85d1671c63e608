import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestApp, type TestApp } from '../../support/app.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
const SCRIPT = `console.log(${JSON.stringify('x'.repeat(500))})`;

describe('the page', () => {
  const folder = mkdtempSync(join(tmpdir(), 'page-'));
  let database: TestDatabase;
  let test: TestApp;
  let unbuilt: TestApp;

  beforeAll(async () => {
    mkdirSync(join(folder, 'assets'));
    writeFileSync(
      join(folder, 'index.html'),
      '<!doctype html><meta property="csp-nonce" nonce="__CSP_NONCE__"><script type="module" src="/assets/index-1a2b3c4d.js"></script>',
    );
    writeFileSync(join(folder, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
    const script = join(folder, 'assets', 'index-1a2b3c4d.js');
    writeFileSync(script, SCRIPT);
    writeFileSync(`${script}.br`, brotliCompressSync(SCRIPT));
    writeFileSync(`${script}.gz`, gzipSync(SCRIPT));
    writeFileSync(join(folder, 'assets', 'index-5e6f.css'), 'body{}');
    database = await createTestDatabase();
    test = await createTestApp({ database, page: folder });
    unbuilt = await createTestApp({
      database,
      page: join(folder, 'none'),
      env: { PUBLIC_URL: 'https://command.example.com' },
    });
  });
  afterAll(async () => {
    await test.close();
    await unbuilt.close();
    await database.drop();
    rmSync(folder, { recursive: true });
  });

  it('is under each of its addresses, for browsers, under a strict policy', async () => {
    for (const path of ['/', '/tasks', '/tasks?view=overdue', '/settings/keys', '/sign-in/link', '/index.html']) {
      const { text, headers } = await test.http.get(path).set('Accept', BROWSER).expect(200);
      const [, nonce] = /nonce="([^"]+)"/.exec(text) ?? [];
      expect(headers['content-type']).toBe('text/html; charset=utf-8');
      expect(headers['cache-control']).toBe('no-cache');
      expect(headers['content-security-policy']?.split('; ').sort()).toEqual([
        "base-uri 'none'",
        "connect-src 'self'",
        "default-src 'none'",
        "font-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "img-src 'self' data:",
        "manifest-src 'self'",
        "object-src 'none'",
        "script-src 'self'",
        `style-src 'self' 'nonce-${nonce}'`,
        "style-src-attr 'unsafe-inline'",
      ]);
      expect(headers).toMatchObject({
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'permissions-policy': expect.stringContaining('camera=()'),
        'referrer-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      });
    }
    const [one, two] = [
      await test.http.get('/').set('Accept', BROWSER),
      await test.http.get('/').set('Accept', BROWSER),
    ];
    expect(one.text).not.toBe(two.text);
    await test.http.head('/tasks').set('Accept', BROWSER).expect(200);
  });

  it('is not what programs get, nor what belongs to others', async () => {
    for (const [path, accept] of [
      ['/tasks', '*/*'],
      ['/tasks', 'application/json'],
      ['/v1/nothing', BROWSER],
      ['/health/nothing', BROWSER],
      ['/errors/nothing', BROWSER],
      ['/assets/old-00000000.js', BROWSER],
      ['/metrics/x', BROWSER],
    ] as const) {
      const { status, body } = await test.http.get(path).set('Accept', accept);
      expect([path, status, body.code]).toEqual([path, 404, 'not_found']);
    }
    const posted = await test.http.post('/tasks').set('Accept', BROWSER);
    expect(posted.status).toBe(404);
  });

  it('has assets that browsers keep for good, compressed as they like', async () => {
    const path = '/assets/index-1a2b3c4d.js';
    for (const [accepted, encoding] of [
      ['br, gzip', 'br'],
      ['gzip', 'gzip'],
      ['identity', undefined],
    ] as const) {
      const { text, headers } = await test.http.get(path).set('Accept-Encoding', accepted).expect(200);
      expect([headers['content-encoding'], headers.vary]).toEqual([encoding, 'Accept-Encoding']);
      expect(headers['content-type']).toMatch(/^text\/javascript/);
      expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
      if (encoding !== 'br') expect(text).toBe(SCRIPT);
    }
    const style = await test.http.get('/assets/index-5e6f.css').set('Accept-Encoding', 'br').expect(200);
    expect([style.headers['content-encoding'], style.headers['content-type']]).toEqual([
      undefined,
      'text/css; charset=utf-8',
    ]);
    const icon = await test.http.get('/favicon.svg').expect(200);
    expect(icon.headers['cache-control']).toBe('no-cache');
    for (const outside of ['/assets/../../package.json', '/assets/%2e%2e/index.html', '/..%2fpackage.json']) {
      const { status, text } = await test.http.get(outside);
      expect([outside, status, text.includes('command-center"')]).toEqual([outside, 404, false]);
    }
  });

  it('says in a sentence that it is not built', async () => {
    const { text, headers } = await unbuilt.http.get('/').set('Accept', BROWSER).expect(503);
    expect(text).toContain('The page is not built');
    expect(headers['content-security-policy']).toContain("style-src 'self';");
    expect(headers['content-security-policy']).toContain('upgrade-insecure-requests');
    expect(headers['strict-transport-security']).toMatch(/^max-age=\d+/);
  });

  it('answers of the API are not stored and run nothing', async () => {
    const { headers } = await test.http.get('/v1/me').expect(401);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
    });
  });

  it('leaves the documentation and the page after Salesforce their own policies', async () => {
    const docs = await test.http.get('/docs').set('Accept', BROWSER).expect(200);
    expect(docs.headers['content-security-policy']).toContain("script-src 'self'; style-src 'self' 'unsafe-inline'");
    expect(docs.text).not.toMatch(/<script(?![^>]* src=)[^>]*>/);
    await test.http.get('/docs/swagger-ui-bundle.js').expect(200);
    await test.http.get('/openapi.json').set('Accept', BROWSER).expect(200);
    const back = await test.http.get('/v1/salesforce/callback?state=x').set('Accept', BROWSER);
    expect(back.headers['content-type']).toContain('text/html');
    expect(back.headers['content-security-policy']).toContain("style-src 'unsafe-inline'");
  });
});
