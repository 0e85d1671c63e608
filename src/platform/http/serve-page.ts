import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';

/** Where the build puts the page: beside what runs, whether that is dist/ or the sources of a test. */
const FOLDER = join(import.meta.dirname, '..', '..', '..', 'dist', 'web');

/** Paths that are not the page's: what does not exist there is an error of the API. */
const NOT_PAGES = /^\/(v1|health|docs|errors|metrics|assets|openapi\.json)(\/|$)/;

const YEAR_SECONDS = 31_536_000;

/** Serves the Command Center page: its files, and for every address of its own the one document. */
export function servePage(app: NestExpressApplication, folder: string = FOLDER): void {
  const document = join(folder, 'index.html');
  if (!existsSync(document)) return;
  app.use(precompressed(folder));
  app.useStaticAssets(folder, {
    index: false,
    redirect: false,
    setHeaders: (response: Response, path: string) => {
      // A file of the build has its content in its name; the others may change with the next version.
      const forever = path.startsWith(join(folder, 'assets'));
      response.setHeader('Cache-Control', forever ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache');
    },
  });
  app.use((request: Request, response: Response, next: NextFunction) => {
    if (!wantsPage(request)) return next();
    response.setHeader('Cache-Control', 'no-cache');
    response.sendFile(document, next);
  });
}

function wantsPage({ method, path, headers }: Request): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  return !NOT_PAGES.test(path) && headers.accept?.includes('text/html') === true;
}

/** Express middleware: the compressed form that the build made, where the browser takes it. */
function precompressed(folder: string) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const asset = /^\/assets\/[\w.-]+\.(js|css)$/.exec(request.path);
    if (!asset || request.method !== 'GET') return next();
    response.vary('Accept-Encoding');
    const encoding = request.acceptsEncodings(['br', 'gzip']);
    const suffix = encoding === 'br' ? '.br' : encoding === 'gzip' ? '.gz' : '';
    if (suffix === '' || !existsSync(join(folder, `${request.path}${suffix}`))) return next();
    response.setHeader('Content-Encoding', String(encoding));
    response.type(asset[1] === 'js' ? 'text/javascript' : 'text/css');
    request.url = `${request.path}${suffix}`;
    next();
  };
}
