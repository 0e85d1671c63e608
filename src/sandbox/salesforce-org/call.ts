import type { Db } from './database.js';
import type { Strike } from './faults.js';
import type { SessionUser } from './oauth/sessions.js';
import type { Org } from './org.js';

/** One REST request, or one part of a Composite request, once it is known who asks. */
export interface Call {
  org: Org;
  /** The pool, or the open transaction of an all-or-none Composite. */
  db: Db;
  user: SessionUser;
  /** `v60.0`, as it stands in the path. */
  version: string;
  method: string;
  /** What follows the version, split at slashes and decoded: ['sobjects', 'Task', '00T…']. */
  path: string[];
  query: URLSearchParams;
  headers: Record<string, string | undefined>;
  body: unknown;
  strikes: Strike[];
}

export interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

export const ok = (body: unknown, status = 200): Answer => ({ status, body });

export const NO_CONTENT: Answer = { status: 204 };

export function baseUrl(call: Call): string {
  return `/services/data/${call.version}`;
}

export function recordUrl(call: Pick<Call, 'version'>, type: string, id: string): string {
  return `/services/data/${call.version}/sobjects/${type}/${id}`;
}
