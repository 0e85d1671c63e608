import type { Call } from '../call.js';
import { ApiError, notFound } from '../errors.js';
import type { Strike } from '../faults.js';
import type { HttpRequest } from '../http/request.js';
import { cookie, parseForm } from '../http/request.js';
import { html, redirect } from '../http/response.js';
import type { HttpResponse } from '../http/response.js';
import type { SessionUser } from '../oauth/sessions.js';
import type { Org } from '../org.js';
import { createRecords } from '../records/create.js';
import { deleteRecords, purgeRecords, undeleteRecords } from '../records/remove.js';
import type { SaveResult } from '../records/save.js';
import { updateRecords } from '../records/update.js';
import { write } from '../records/write.js';
import { binPage, loginPage } from './people-pages.js';
import { refusalPage } from './refusal-page.js';
import { formPage, taskFields } from './task-form.js';
import { listFragment, listPage } from './task-list.js';

/**
 * What a rep sees in Salesforce, in small: their tasks, a form, the recycle bin. Writes go through the same rules as
 * the API's and cost no API calls. Only POST changes anything.
 */
export async function handlePage(org: Org, request: HttpRequest, strikes: Strike[]): Promise<HttpResponse> {
  try {
    return await answer(org, request, strikes);
  } catch (error) {
    // A person reads it, who followed a link to a task that is gone, say.
    if (error instanceof ApiError) return html(error.status, refusalPage(error.message));
    throw error;
  }
}

async function answer(org: Org, request: HttpRequest, strikes: Strike[]): Promise<HttpResponse> {
  const path = request.url.pathname.split('/').filter((s) => s !== '' && s !== 'lightning');
  if (request.method === 'POST' && path[0] === 'login') {
    const user = parseForm(request.body).get('user') ?? '';
    const back = parseForm(request.body).get('back') ?? '/';
    const target = /^\/(lightning\/[\w/]*)?$/.test(back) ? back : '/';
    return redirect(target, { 'Set-Cookie': `rep=${encodeURIComponent(user)}; Path=/; HttpOnly; SameSite=Lax` });
  }
  const user = await userOf(org, cookie(request.headers, 'rep') ?? '');
  if (!user || path[0] === 'login') return html(200, await loginPage(org, request.url.pathname));
  return request.method === 'POST'
    ? change(callOf(org, request, user, strikes), path, parseForm(request.body))
    : show(callOf(org, request, user, strikes), path);
}

async function show(call: Call, path: string[]): Promise<HttpResponse> {
  const [first, second, third] = path;
  // `/lightning/r/Task/ID/view` is where links from elsewhere lead.
  if (first === 'r' && second === 'Task' && third !== undefined) return html(200, await formPage(call, third));
  switch (first) {
    case undefined:
      return html(200, await listPage(call));
    case 'rows':
      return html(200, await listFragment(call));
    case 'bin':
      return html(200, await binPage(call));
    case 'tasks':
      return html(200, await formPage(call, second === 'new' ? undefined : second));
    default:
      throw notFound();
  }
}

async function change(call: Call, path: string[], form: URLSearchParams): Promise<HttpResponse> {
  const [first, id, action] = path;
  const task = call.org.catalogue.get('Task');
  const one = async (work: Parameters<typeof write>[3], back: string): Promise<HttpResponse> => {
    const [result] = await write(call, 1, true, work);
    return result?.success ? redirect(back) : html(400, await formPage(call, id, problem(result), form));
  };
  if (first === 'tasks' && id === undefined) {
    return one((tx) => createRecords(tx, call, task, [taskFields(form)]), '/');
  }
  if (first === 'tasks' && id !== undefined) {
    if (action === 'delete') return one((tx) => deleteRecords(tx, call, task, [id]), '/');
    const closed = task.byName.get('status')?.picklist.find((p) => p.isClosed)?.value ?? 'Completed';
    const fields = action === 'complete' ? { Status: closed } : taskFields(form);
    return one((tx) => updateRecords(tx, call, task, [{ id, fields }]), '/');
  }
  if (first === 'bin' && id !== undefined) {
    const ids = [id];
    await write(call, 1, true, (tx) =>
      action === 'purge' ? purgeRecords(tx, task, ids) : undeleteRecords(tx, call, task, ids),
    );
    return redirect('/lightning/bin');
  }
  throw notFound();
}

function problem(result: SaveResult | undefined): string {
  return result?.errors[0]?.message ?? 'It could not be saved.';
}

function callOf(org: Org, request: HttpRequest, user: SessionUser, strikes: Strike[]): Call {
  return {
    org,
    db: org.pool,
    user,
    version: 'v68.0',
    method: request.method,
    path: [],
    query: request.url.searchParams,
    headers: request.headers,
    body: undefined,
    strikes,
  };
}

async function userOf(org: Org, id: string): Promise<SessionUser | undefined> {
  const { rows } = await org.pool.query<SessionUser>(
    `SELECT id, name, username, time_zone_sid_key AS "timeZone", is_active AS "isActive", view_all_data AS "viewAllData"
     FROM sf_user WHERE id = $1 AND is_active`,
    [id],
  );
  return rows[0];
}
