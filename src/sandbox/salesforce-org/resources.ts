import type { Answer, Call } from './call.js';
import { baseUrl, ok } from './call.js';
import { compositeRequest } from './composite.js';
import {
  createCollection,
  deleteCollection,
  retrieveCollection,
  updateCollection,
  upsertCollection,
} from './collections.js';
import { describeGlobal, describeObject, objectInfo } from './describe.js';
import { ApiError, notFound } from './errors.js';
import { describeListView, listViews } from './list-views.js';
import { nextPage, query } from './query.js';
import { deletedSince, updatedSince } from './replication.js';
import { createOne, deleteOne, getByExternalId, getOne, updateOne, upsertOne } from './single.js';
import { objectOf } from './records/read.js';

/** What a call is counted as in the statistics: the resource, without ids. */
export function kindOf(method: string, path: string[]): string {
  const [head = '', second, third, fourth] = path;
  switch (head) {
    case 'query':
    case 'queryAll':
      return second === undefined ? head : 'query more';
    case 'composite':
      return second === undefined
        ? 'composite'
        : `${method} composite/sobjects${third === undefined ? '' : '/' + third}`;
    case 'sobjects': {
      const named = third === 'describe' || third === 'updated' || third === 'deleted' || third === 'listviews';
      const rest = named ? `/${third}` : third === undefined ? '' : fourth === undefined ? '/id' : '/external id';
      return `${method} sobjects${second === undefined ? '' : '/' + second}${rest}`;
    }
    default:
      return head === '' ? 'resources' : head;
  }
}

/** The REST API below `/services/data/vXX.X`. Also serves the parts of a Composite request. */
export async function serve(call: Call): Promise<Answer> {
  const [head, second] = call.path;
  switch (head) {
    case undefined:
      return ok(resourceList(call));
    case 'limits':
      return ok(limits(call));
    case 'query':
    case 'queryAll':
      allow(call, 'GET');
      return second === undefined ? query(call, head === 'queryAll') : nextPage(call, second);
    case 'sobjects':
      return serveObjects(call);
    case 'composite':
      return serveComposite(call);
    default:
      throw notFound();
  }
}

function serveObjects(call: Call): Promise<Answer> | Answer {
  const [, name, third, fourth, fifth] = call.path;
  if (name === undefined) {
    allow(call, 'GET');
    return ok(describeGlobal(call));
  }
  const type = objectOf(call, name);
  if (third === undefined) {
    allow(call, 'GET', 'POST');
    return call.method === 'GET' ? ok(objectInfo(call, type)) : createOne(call, type);
  }
  if (third === 'listviews') {
    allow(call, 'GET');
    if (fourth === undefined) return ok(listViews(call, type));
    if (fifth !== 'describe') throw notFound();
    return ok(describeListView(type, fourth));
  }
  if (fourth !== undefined) {
    allow(call, 'GET', 'PATCH', 'DELETE', 'POST');
    return call.method === 'GET' ? getByExternalId(call, type, third, fourth) : upsertOne(call, type, third, fourth);
  }
  switch (third) {
    case 'describe':
      allow(call, 'GET');
      return ok(describeObject(call, type));
    case 'updated':
      allow(call, 'GET');
      return updatedSince(call, type);
    case 'deleted':
      allow(call, 'GET');
      return deletedSince(call, type);
  }
  allow(call, 'GET', 'PATCH', 'DELETE');
  if (call.method === 'GET') return getOne(call, type, third);
  return call.method === 'PATCH' ? updateOne(call, type, third) : deleteOne(call, type, third);
}

function serveComposite(call: Call): Promise<Answer> | Answer {
  const [, second, name, external] = call.path;
  if (second === undefined) {
    allow(call, 'POST');
    return compositeRequest(call, serve);
  }
  if (second !== 'sobjects') throw notFound();
  if (name === undefined) {
    allow(call, 'POST', 'PATCH', 'DELETE');
    if (call.method === 'POST') return createCollection(call);
    return call.method === 'PATCH' ? updateCollection(call) : deleteCollection(call);
  }
  const type = objectOf(call, name);
  if (external === undefined) {
    allow(call, 'GET', 'POST');
    return retrieveCollection(call, type);
  }
  allow(call, 'PATCH');
  return upsertCollection(call, type, external);
}

function allow(call: Call, ...methods: string[]): void {
  if (methods.includes(call.method)) return;
  const message = `HTTP Method '${call.method}' not allowed. Allowed are ${methods.join(',')}`;
  throw new ApiError(405, 'METHOD_NOT_ALLOWED', message);
}

function resourceList(call: Call): Record<string, string> {
  const base = baseUrl(call);
  return {
    sobjects: `${base}/sobjects`,
    query: `${base}/query`,
    queryAll: `${base}/queryAll`,
    composite: `${base}/composite`,
    limits: `${base}/limits`,
    identity: `${call.org.instanceUrl}/id/${call.org.id}/${call.user.id}`,
  };
}

function limits(call: Call): unknown {
  const { usage } = call.org;
  const remaining = (max: number, left: number): unknown => ({ Max: max, Remaining: Math.max(0, left) });
  return {
    DailyApiRequests: remaining(usage.dailyLimit, usage.dailyLimit - usage.used()),
    DailyBulkV2QueryJobs: remaining(10_000, 10_000),
    DataStorageMB: remaining(1024, 1000),
    HourlyDashboardRefreshes: remaining(200, 200),
  };
}
