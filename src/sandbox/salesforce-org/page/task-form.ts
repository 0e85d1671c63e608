import type { Call } from '../call.js';
import { notFound } from '../errors.js';
import { to18 } from '../ids.js';
import type { Html } from './html.js';
import { markup } from './html.js';
import { layout } from './layout.js';
import { bar } from './people-pages.js';

interface FormTask {
  Subject: string | null;
  Status: string | null;
  Priority: string | null;
  ActivityDate: string | null;
  Description: string | null;
  OwnerId: string | null;
  WhoId: string | null;
}

const FIELDS = ['Subject', 'Status', 'Priority', 'ActivityDate', 'Description', 'OwnerId', 'WhoId'] as const;

/** The form's fields as a write of the API would send them. */
export function taskFields(form: URLSearchParams): Record<string, unknown> {
  const sent = FIELDS.filter((name) => form.has(name));
  return Object.fromEntries(sent.map((name) => [name, form.get(name) === '' ? null : form.get(name)]));
}

/** One task, or a new one; after a refusal with the reason and what was typed. */
export async function formPage(
  call: Call,
  id: string | undefined,
  error?: string,
  typed?: URLSearchParams,
): Promise<string> {
  const stored = id === undefined ? newTask(call) : await taskOf(call, id);
  const value = (name: (typeof FIELDS)[number]): string => typed?.get(name) ?? stored[name] ?? '';
  const owners = await choices(
    call,
    `SELECT id, name FROM sf_user WHERE is_active UNION ALL SELECT id, name FROM sf_group ORDER BY name`,
  );
  const people = await choices(
    call,
    `(SELECT id, name FROM sf_contact WHERE owner_id = $1 AND NOT is_deleted LIMIT 150)
     UNION ALL (SELECT id, name || ' (lead)' FROM sf_lead WHERE owner_id = $1 AND NOT is_deleted AND NOT is_converted LIMIT 150)
     ORDER BY name`,
    [call.user.id],
  );
  const task = call.org.catalogue.get('Task');
  const values = (name: string): Choice[] =>
    (task.byName.get(name)?.picklist ?? []).map((p) => ({ id: p.value, name: p.label }));
  const content = markup`<section class="card narrow"><h1>${id === undefined ? 'New task' : 'Task'}</h1>
    ${error !== undefined && markup`<p class="card error">${error}</p>`}
    <form method="post" action="/lightning/tasks${id !== undefined && `/${id}`}">
      <label>Subject <input type="text" name="Subject" maxlength="255" value="${value('Subject')}"></label>
      <div class="grid">
        <label>Status ${select('Status', values('status'), value('Status'))}</label>
        <label>Priority ${select('Priority', values('priority'), value('Priority'))}</label>
        <label>Due date <input type="date" name="ActivityDate" value="${value('ActivityDate')}"></label>
        <label>Assigned to ${select('OwnerId', owners, value('OwnerId'))}</label>
      </div>
      <label>Name (id of a contact or lead) <input type="text" name="WhoId" list="people" value="${value('WhoId')}"></label>
      <datalist id="people">${people.map((p) => markup`<option value="${p.id}">${p.name}</option>`)}</datalist>
      <label>Comments <textarea name="Description" maxlength="32000">${value('Description')}</textarea></label>
      <div class="actions"><button class="primary">Save</button><a class="button" href="/">Cancel</a></div>
    </form>
    ${id !== undefined && deletion(id)}
  </section>`;
  return layout(value('Subject') || 'Task', content, bar(call));
}

function deletion(id: string): Html {
  return markup`<form method="post" action="/lightning/tasks/${id}/delete"><div class="actions"><button class="danger">Delete</button></div></form>
    <p class="muted">${id}</p>`;
}

interface Choice {
  id: string;
  name: string;
}

async function choices(call: Call, sql: string, params: unknown[] = []): Promise<Choice[]> {
  const { rows } = await call.db.query<Choice>(sql, params);
  return rows;
}

function select(name: string, options: Choice[], value: string): Html {
  const known = options.some((o) => o.id === value) ? options : [...options, { id: value, name: value }];
  const items = known.map((o) => markup`<option value="${o.id}" ${o.id === value && 'selected'}>${o.name}</option>`);
  return markup`<select name="${name}">${items}</select>`;
}

function newTask(call: Call): FormTask {
  const task = call.org.catalogue.get('Task');
  const preset = (name: string): string | null =>
    task.byName.get(name)?.picklist.find((p) => p.isDefault)?.value ?? null;
  return {
    Subject: null,
    Status: preset('status'),
    Priority: preset('priority'),
    ActivityDate: null,
    Description: null,
    OwnerId: call.user.id,
    WhoId: null,
  };
}

async function taskOf(call: Call, id: string): Promise<FormTask> {
  const { rows } = await call.db.query<FormTask>(
    `SELECT subject AS "Subject", status AS "Status", priority AS "Priority", activity_date AS "ActivityDate",
            description AS "Description", owner_id AS "OwnerId", who_id AS "WhoId"
     FROM sf_task WHERE id = $1 AND NOT is_deleted`,
    [to18(id) ?? ''],
  );
  if (!rows[0]) throw notFound();
  return rows[0];
}
