import { readFileSync } from 'node:fs';

export const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;
export type Method = (typeof METHODS)[number];
export type Schema = Record<string, unknown>;

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header' | 'cookie';
  required?: boolean;
  schema?: Schema;
}

export interface Answer {
  content?: Record<string, { schema?: Schema }>;
}

interface DocumentedOperation {
  operationId: string;
  summary?: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, Answer>;
  security?: object[];
  'x-access'?: { role: string; scope: string };
}

export interface Operation extends DocumentedOperation {
  /** `GET /v1/tasks/{id}`: what tables of routes are keyed by. */
  key: string;
  method: Method;
  path: string;
}

interface OpenApi {
  paths: Record<string, Partial<Record<Method, DocumentedOperation>>>;
  components: { schemas: Record<string, Schema> };
}

const document = JSON.parse(readFileSync(`${process.cwd()}/openapi.json`, 'utf8')) as OpenApi;

export const schemas = document.components.schemas;

export const operations: readonly Operation[] = Object.entries(document.paths).flatMap(([path, item]) =>
  METHODS.flatMap((method) => {
    const operation = item[method];
    return operation ? [{ ...operation, method, path, key: `${method.toUpperCase()} ${path}` }] : [];
  }),
);

interface Matcher {
  pattern: RegExp;
  operation: Operation;
}

const byShape = new Map<string, Matcher[]>();
for (const operation of operations) {
  const shape = shapeOf(operation.method, operation.path);
  const pattern = new RegExp(`^${operation.path.replace(/\{\w+\}/g, '[^/]+')}$`);
  byShape.set(shape, [...(byShape.get(shape) ?? []), { pattern, operation }]);
}
// A path of words goes before one with a parameter, as the router does it.
for (const matchers of byShape.values()) matchers.sort((a, b) => parametersOf(a) - parametersOf(b));

/** The operation that a request meant, found by its method and path. */
export function operationOf(method: string, path: string): Operation | undefined {
  const plain = path.length > 1 ? path.replace(/\/$/, '') : path;
  const matchers = byShape.get(shapeOf(method.toLowerCase(), plain));
  return matchers?.find(({ pattern }) => pattern.test(plain))?.operation;
}

function shapeOf(method: string, path: string): string {
  return `${method} ${path.split('/').length}`;
}

function parametersOf({ operation }: Matcher): number {
  return operation.path.split('{').length;
}
