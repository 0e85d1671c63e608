import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { NextFunction, Request, Response } from 'express';
import { pagePolicy } from './security-headers.js';

/** Where the build puts the page. */
export const BUILT_PAGE = join(import.meta.dirname, '..', '..', '..', 'dist', 'web');

/** The build leaves this where a style element's nonce belongs. */
const NONCE = '__CSP_NONCE__';
const NOT_BUILT =
  '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>Command Center</title>\n' +
  '<p>The page is not built: run npm run build, then start again. The API is described at <a href="/docs">/docs</a>.</p>\n';

/** What is not the page's, whoever asks. */
const OTHERS = ['/v1', '/health', '/docs', '/errors', '/openapi.json', '/metrics', '/assets', '/u'];

const ENCODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

/**
 * Express middleware, before the routes: the built page. Its assets have a hash in their names and are kept by
 * browsers for good; index.html, which names them, is asked for each time, under every address that the page has.
 */
export function servePage(folder: string, https: boolean) {
  const files = filesOf(folder);
  const index = files.has('/index.html') ? readFileSync(join(folder, 'index.html'), 'utf8') : undefined;
  return (request: Request, response: Response, next: NextFunction): void => {
    if (request.method !== 'GET' && request.method !== 'HEAD') next();
    else if (request.path !== '/index.html' && files.has(request.path)) sendFile(request, response, next);
    else if (isPage(request)) sendPage(response);
    else next();
  };

  function sendFile(request: Request, response: Response, next: NextFunction): void {
    const { path } = request;
    const encoding = ENCODINGS.find(([name, suffix]) => files.has(path + suffix) && request.acceptsEncodings(name));
    const cache = path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
    response.type(extname(path)).set({ 'Cache-Control': cache, Vary: 'Accept-Encoding' });
    if (encoding) response.set('Content-Encoding', encoding[0]);
    const name = path.slice(1) + (encoding?.[1] ?? '');
    response.sendFile(name, { root: folder, cacheControl: false }, (error?: Error) => {
      // A caller that went away has nothing to be told.
      if (error && !response.headersSent) next(error);
    });
  }

  function sendPage(response: Response): void {
    const nonce = index?.includes(NONCE) ? randomBytes(16).toString('base64') : undefined;
    response
      .status(index === undefined ? 503 : 200)
      .type('html')
      .set({
        'Cache-Control': 'no-cache',
        'Content-Security-Policy': pagePolicy(https, nonce),
        // Not to other sites; to ours, as cross-site checks look at it.
        'Referrer-Policy': 'same-origin',
      })
      .send(index?.replaceAll(NONCE, nonce ?? '') ?? NOT_BUILT);
  }
}

function isPage(request: Request): boolean {
  const { path } = request;
  if (OTHERS.some((other) => path === other || path.startsWith(`${other}/`))) return false;
  // A program that takes anything is no browser.
  return request.accepts(['json', 'html']) === 'html';
}

/** Their paths as they are asked for. */
function filesOf(folder: string): ReadonlySet<string> {
  if (!existsSync(folder)) return new Set();
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Set(
    entries.map(({ parentPath, name }) => join(parentPath, name).slice(folder.length).replaceAll('\\', '/')),
  );
}
