import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';

type Directives = Readonly<Record<string, readonly string[]>>;

const SELF = ["'self'"];
const NONE = ["'none'"];

/** An answer for programs: a browser that is shown it runs and loads nothing. */
const API: Directives = {
  'default-src': NONE,
  'base-uri': NONE,
  'form-action': NONE,
  'frame-ancestors': NONE,
};

/** Swagger UI writes style elements of its own. */
const DOCS: Directives = {
  ...API,
  'script-src': SELF,
  'style-src': [...SELF, "'unsafe-inline'"],
  'img-src': [...SELF, 'data:'],
  'font-src': SELF,
  'connect-src': SELF,
};

const PAGE: Directives = {
  ...API,
  'script-src': SELF,
  'style-src': SELF,
  // Components place what floats by style attributes.
  'style-src-attr': ["'unsafe-inline'"],
  'img-src': [...SELF, 'data:'],
  'font-src': SELF,
  'connect-src': SELF,
  'manifest-src': SELF,
  'form-action': SELF,
  'object-src': NONE,
};

const UNUSED = [
  'accelerometer',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'usb',
];

/** Express middleware: every answer is for its own origin, is stored nowhere and runs nothing, unless it says otherwise. */
export function securityHeaders(https: boolean) {
  const common = helmet({
    strictTransportSecurity: https,
    contentSecurityPolicy: false,
    xFrameOptions: { action: 'deny' },
  });
  const [api, docs] = [API, DOCS].map((directives) => policyOf(directives, https));
  return (request: Request, response: Response, next: NextFunction): void => {
    const isDocs = request.path === '/docs' || request.path.startsWith('/docs/');
    response.setHeader('Content-Security-Policy', String(isDocs ? docs : api));
    response.setHeader('Permissions-Policy', UNUSED.map((feature) => `${feature}=()`).join(', '));
    response.setHeader('Cache-Control', 'no-store');
    common(request, response, next);
  };
}

/** Of the page; style elements that carry the nonce are let in besides its own style sheets. */
export function pagePolicy(https: boolean, nonce: string | undefined): string {
  const styles = nonce === undefined ? SELF : [...SELF, `'nonce-${nonce}'`];
  return policyOf({ ...PAGE, 'style-src': styles }, https);
}

// Without TLS in front (a trial on a laptop) an upgrade would make the pages unreachable.
function policyOf(directives: Directives, https: boolean): string {
  const parts = Object.entries(directives).map(([name, values]) => [name, ...values].join(' '));
  return [...parts, ...(https ? ['upgrade-insecure-requests'] : [])].join('; ');
}
