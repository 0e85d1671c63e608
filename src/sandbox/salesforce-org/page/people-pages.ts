import type { Call } from '../call.js';
import type { Org } from '../org.js';
import type { Html } from './html.js';
import { markup } from './html.js';
import { layout } from './layout.js';

/** Choose who you are; there are no passwords in a sandbox. */
export async function loginPage(org: Org, back: string): Promise<string> {
  const { rows } = await org.pool.query<{ id: string; name: string; title: string | null; open: number }>(
    `SELECT u.id, u.name, u.title,
       (SELECT count(*) FROM sf_task t WHERE t.owner_id = u.id AND NOT t.is_closed AND NOT t.is_deleted) AS open
     FROM sf_user u WHERE u.is_active ORDER BY u.id`,
  );
  const choices = rows.map(
    (user) => markup`<label class="choice"><input type="radio" name="user" value="${user.id}" required>
      <span><b>${user.name}</b><small>${user.title} · ${user.open} open tasks</small></span></label>`,
  );
  const content = markup`<section class="card narrow"><h1>Who are you?</h1>
    <form method="post" action="/lightning/login"><input type="hidden" name="back" value="${back}">
      <div class="choices">${choices}</div>
      <div class="actions"><button class="primary">Log in</button></div>
    </form></section>`;
  return layout('Log in', content);
}

interface Deleted {
  id: string;
  subject: string | null;
  at: Date;
  by: string | null;
}

/** The newest of the recycle bin. */
export async function binPage(call: Call): Promise<string> {
  const { rows } = await call.db.query<Deleted>(
    `SELECT t.id, t.subject, t.system_modstamp AS at, u.name AS by
     FROM sf_task t LEFT JOIN sf_user u ON u.id = t.last_modified_by_id
     WHERE t.is_deleted ORDER BY t.system_modstamp DESC, t.id DESC LIMIT 200`,
  );
  const lines = rows.map(
    (
      task,
    ) => markup`<tr><td>${task.subject ?? '(no subject)'}</td><td>${task.at.toISOString().slice(0, 16).replace('T', ' ')}</td>
      <td>${task.by}</td><td>${button(task.id, 'undelete', 'Restore')} ${button(task.id, 'purge', 'Delete for good')}</td></tr>`,
  );
  const content = markup`<section class="card"><h1>Recycle bin</h1>
    <table><thead><tr><th>Subject</th><th>Deleted (UTC)</th><th>By</th><th></th></tr></thead><tbody>${lines}</tbody></table>
    ${rows.length === 0 && markup`<p class="muted">It is empty.</p>`}</section>`;
  return layout('Recycle bin', content, bar(call));
}

function button(id: string, action: string, label: string): Html {
  return markup`<form class="inline" method="post" action="/lightning/bin/${id}/${action}"><button class="small">${label}</button></form>`;
}

export function bar(call: Call): Html {
  return markup`<nav><a href="/">Tasks</a><a href="/lightning/bin">Recycle bin</a></nav><span class="grow"></span>
    <span>${call.user.name}</span><a href="/lightning/login">Change user</a>`;
}
