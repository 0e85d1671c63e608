import type { NextFunction, Request, Response } from 'express';
import type { MetricsRegistry } from './metrics-registry.js';

const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Express middleware: how long each answer took, by the route's template, never by the address. */
export function httpMetrics(metrics: MetricsRegistry) {
  const durations = metrics.histogram(
    'http_request_duration_seconds',
    'How long answers took; streams of events are left out',
    ['method', 'route', 'status_class'],
    BUCKETS,
  );
  return (request: Request, response: Response, next: NextFunction): void => {
    const began = performance.now();
    response.once('finish', () => {
      // Open for as long as somebody looks.
      if (String(response.getHeader('content-type')).startsWith('text/event-stream')) return;
      durations.observe(
        {
          method: METHODS.has(request.method) ? request.method : 'other',
          route: routeOf(request),
          status_class: `${Math.floor(response.statusCode / 100)}xx`,
        },
        (performance.now() - began) / 1000,
      );
    });
    next();
  };
}

/** What no route answered is one label, whatever was asked for. */
function routeOf(request: Request): string {
  const { path } = (request.route ?? {}) as { path?: unknown };
  return typeof path === 'string' ? path : 'none';
}
