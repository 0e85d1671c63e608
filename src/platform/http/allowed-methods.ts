import type { Express, NextFunction, Request, Response } from 'express';

interface Layer {
  route?: { methods: Readonly<Record<string, boolean>> };
  match(path: string): boolean;
}

/** The methods that a path has routes for, as the Allow header lists them; none: there is no such path. */
export function allowedMethods(app: Express, path: string): string[] {
  const layers = app.router.stack as unknown as Layer[];
  const routes = layers.flatMap((layer) => (layer.route && matches(layer, path) ? [layer.route] : []));
  // What takes every method is a middleware of Nest's, not a route.
  const found = routes.flatMap(({ methods }) => (methods.trace ? [] : Object.keys(methods)));
  const methods = new Set(found.map((name) => name.toUpperCase()));
  if (methods.size === 0) return [];
  if (methods.has('GET')) methods.add('HEAD');
  return [...methods.add('OPTIONS')].sort();
}

/** Express middleware: OPTIONS is answered with what a path allows. There is no CORS: no other site may call. */
export function answerOptions(app: Express) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const methods = request.method === 'OPTIONS' ? allowedMethods(app, request.path) : [];
    if (methods.length === 0) next();
    else response.status(204).set('Allow', methods.join(', ')).end();
  };
}

function matches(layer: Layer, path: string): boolean {
  try {
    return layer.match(path);
  } catch {
    // Not valid UTF-8: the router has answered 400 before.
    return false;
  }
}
