import type { Call } from '../call.js';
import { dateIn } from '../time.js';
import type { Html } from './html.js';
import { Html as Raw, markup } from './html.js';
import { layout } from './layout.js';
import { bar } from './people-pages.js';

interface ListedTask {
  id: string;
  subject: string | null;
  status: string;
  priority: string;
  due: string | null;
  isClosed: boolean;
  who: string | null;
  owner: string | null;
}

const PAGE = 100;

// Asks for the rows again every few seconds, so that a change by API shows.
const REFRESH = `
setInterval(async () => {
  if (document.hidden) return;
  const answer = await fetch('/lightning/rows' + location.search).catch(() => null);
  if (answer && answer.ok) document.getElementById('rows').innerHTML = await answer.text();
}, 3000);`;

export async function listPage(call: Call): Promise<string> {
  const view = viewOf(call);
  const tab = (name: string, label: string): Html =>
    markup`<a href="/?view=${name}" class="${name === view && 'on'}">${label}</a>`;
  const content = markup`<section class="card">
    <h1>Tasks</h1>
    <nav>${tab('open', 'My open tasks')}${tab('recent', 'Recently changed')}${tab('all', 'All my tasks')}${tab('team', 'Open tasks of the team')}
      <a class="button primary" href="/lightning/tasks/new">New task</a></nav>
    <table><thead><tr><th>Subject</th><th>Name</th><th>Due</th><th>Status</th><th>Priority</th><th>Assigned to</th><th></th></tr></thead>
      <tbody id="rows">${new Raw(await listFragment(call))}</tbody></table>
    <p class="muted">Up to ${PAGE} tasks, ${view === 'recent' ? 'the latest change' : 'the earliest due'} first. The list refreshes itself.</p>
  </section><script>${new Raw(REFRESH)}</script>`;
  return layout('Tasks', content, bar(call));
}

export async function listFragment(call: Call): Promise<string> {
  const view = viewOf(call);
  const { rows } = await call.db.query<ListedTask>(
    `SELECT t.id, t.subject, t.status, t.priority, t.activity_date AS due, t.is_closed AS "isClosed",
       COALESCE(c.name, l.name) AS who, COALESCE(u.name, g.name) AS owner
     FROM sf_task t
       LEFT JOIN sf_contact c ON c.id = t.who_id LEFT JOIN sf_lead l ON l.id = t.who_id
       LEFT JOIN sf_user u ON u.id = t.owner_id LEFT JOIN sf_group g ON g.id = t.owner_id
     WHERE NOT t.is_deleted AND NOT t.is_archived AND NOT t.is_recurrence
       AND ($1::text IS NULL OR t.owner_id = $1) AND ($2 OR NOT t.is_closed)
     ORDER BY ${view === 'recent' ? 't.system_modstamp DESC, t.id DESC' : 't.is_closed, t.activity_date NULLS LAST, t.id DESC'}
     LIMIT ${PAGE}`,
    [view === 'team' ? null : call.user.id, view === 'all' || view === 'recent'],
  );
  const today = dateIn(call.user.timeZone, call.org.now());
  return markup`${rows.map((task) => line(task, today))}`.text;
}

function viewOf(call: Call): string {
  return call.query.get('view') ?? 'open';
}

function line(task: ListedTask, today: string): Html {
  const isLate = !task.isClosed && task.due !== null && task.due < today;
  return markup`<tr class="${task.isClosed && 'closed'}">
    <td class="subject"><a href="/lightning/r/Task/${task.id}/view">${task.subject ?? '(no subject)'}</a></td>
    <td>${task.who}</td><td class="whole ${isLate && 'late'}">${task.due}</td>
    <td><span class="tag ${task.isClosed && 'done'}">${task.status}</span></td>
    <td><span class="tag ${task.priority === 'High' && 'High'}">${task.priority}</span></td><td>${task.owner}</td>
    <td class="whole">${!task.isClosed && action(task.id, 'complete', 'Complete')} ${action(task.id, 'delete', 'Delete')}</td></tr>`;
}

function action(id: string, name: string, label: string): Html {
  return markup`<form class="inline" method="post" action="/lightning/tasks/${id}/${name}"><button class="small">${label}</button></form>`;
}
