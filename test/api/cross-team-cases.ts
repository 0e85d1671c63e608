import type { Theirs } from './theirs.js';

/** What to send besides the method and the path. */
export interface Input {
  path?: Record<string, string>;
  query?: Record<string, string>;
  body?: object;
  headers?: Record<string, string>;
}

type Make = (theirs: Theirs) => Input | Promise<Input>;

export type Case =
  /** Names something of theirs: not there for another team, and done for them. */
  | { kind: 'one'; make: Make; shared: boolean; personal?: boolean }
  /** Refers to something of theirs in a new thing of the caller's: the field is refused, whoever's it is. */
  | { kind: 'reference'; makes: Make[] }
  /** Names things of theirs and answers each by itself: nothing happens to any of them. */
  | { kind: 'each'; make: Make }
  /** Shows what a team has: nothing of theirs to another team, also when asked for. */
  | { kind: 'list'; queries: Make[]; show: Make; empty: boolean }
  /** Is about the caller's team or person alone: theirs stays as it is. */
  | { kind: 'own'; make: (theirs: Theirs) => Input; refused?: number }
  /** Nothing of any team is in it. */
  | { kind: 'none'; why: string };

const one = (make: Make): Case => ({ kind: 'one', make, shared: false });
/** Is a person's: a key of a team is refused for being nobody. */
const personal = (make: Make): Case => ({ kind: 'one', make, shared: false, personal: true });
/** The whole team sees it, other reps too. */
const shared = (make: Make): Case => ({ kind: 'one', make, shared: true });
const reference = (...makes: Make[]): Case => ({ kind: 'reference', makes });
const each = (make: Make): Case => ({ kind: 'each', make });
const list = (show: Make = () => ({}), ...queries: Make[]): Case => ({ kind: 'list', show, queries, empty: false });
/** Answers numbers or words without any id. */
const figures = (...queries: Make[]): Case => ({ kind: 'list', show: () => ({}), queries, empty: true });
const own = (input: Input = {}, refused?: number): Case => ({ kind: 'own', make: () => input, refused });
const ownWith = (make: (theirs: Theirs) => Input): Case => ({ kind: 'own', make });
const none = (why: string): Case => ({ kind: 'none', why });

const ANY = { 'If-Match': '*' };
const id = async (thing: Promise<{ id: string }>): Promise<Input> => ({ path: { id: (await thing).id } });

/**
 * Every route of openapi.json, with a request that names what is another team's.
 *
 * A new route: `one` when the id of something is in its path, `reference` when it is in its body, `each` when it takes
 * many, `list` when it shows several,
 * `own` when it is about the caller or the caller's team, `none` when no team is in it. What it needs is made in
 * theirs.ts.
 */
export const cases: Readonly<Record<string, Case>> = {
  'GET /errors': none('the catalogue'),
  'GET /errors/{code}': none('the catalogue'),
  'GET /health/live': none('the process'),
  'GET /health/ready': none('the process'),

  'GET /metrics': none('figures of the process, over all teams'),

  'POST /v1/session': none('who knows the password comes in; test/accounts/sessions.int.spec.ts is about it'),
  'DELETE /v1/session': own({}, 409),
  'GET /v1/sign-in': none('the ways of signing in'),
  'GET /v1/sign-in/salesforce': none('sends a browser elsewhere; test/salesforce/sign-in is about it'),
  'GET /v1/sign-in/salesforce/callback': none('whoever Salesforce names comes in; test/salesforce/sign-in is about it'),
  'POST /v1/session/link': none('who has the secret comes in; test/accounts/sessions.int.spec.ts is about it'),
  'GET /v1/sessions': list(async (t) => (await t.session(t.admin), {})),
  'DELETE /v1/sessions/{id}': personal((t) => id(t.session(t.admin))),
  'POST /v1/password-reset': none(
    'mails to whoever has the address; test/accounts/invitations.int.spec.ts is about it',
  ),
  'POST /v1/password': none('who has the secret sets it; test/accounts/invitations.int.spec.ts is about it'),
  'PUT /v1/me/password': own({ body: { current_password: 'none', new_password: 'a calm blue horse' } }, 400),
  'POST /v1/invitations': own({ body: { email: 'invited@example.com', name: 'Invited' } }),
  'POST /v1/users/{id}/invitation': one((t) => id(t.user())),
  'GET /v1/audit': list(
    async (t) => (await t.invitation(), {}),
    async (t) => ({ query: { target: (await t.invitation()).id } }),
  ),
  'GET /v1/events': none('a stream without an end; test/command-center/live is about who hears what'),

  'GET /v1/me': list(),
  'PATCH /v1/me': own({ body: { name: 'Other' }, headers: ANY }),
  'GET /v1/team': list(),
  'PATCH /v1/team': own({ body: { name: 'Other' }, headers: ANY }),
  'DELETE /v1/team': own({ body: { name: 'not its name' } }, 422),
  'GET /v1/users': list(),
  'POST /v1/users': own({ body: { email: 'new@example.com', name: 'New' } }),
  'GET /v1/users/{id}': shared((t) => id(t.user())),
  'PATCH /v1/users/{id}': one(async (t) => ({ ...(await id(t.user())), body: { name: 'Other' }, headers: ANY })),
  'GET /v1/users/{id}/deactivation': one((t) => id(t.user())),
  'POST /v1/users/{id}/deactivation': one(async (t) => ({ ...(await id(t.user())), body: {} })),
  'GET /v1/api-keys': list(),
  'POST /v1/api-keys': reference(({ ann }) => ({ body: { name: 'key', user_id: ann.userId } })),
  'DELETE /v1/api-keys/{id}': one((t) => id(t.key())),

  'GET /v1/people': list(
    undefined,
    () => ({ query: { q: 'Grace' } }),
    async (t) => ({ query: { group_id: (await t.group()).id } }),
  ),
  'POST /v1/people': reference(({ ann }) => ({ body: { name: 'Grace', owner_id: ann.userId } })),
  'GET /v1/people/{id}': one((t) => id(t.person())),
  'PATCH /v1/people/{id}': one(async (t) => ({ ...(await id(t.person())), body: { name: 'Other' }, headers: ANY })),
  'DELETE /v1/people/{id}': one((t) => id(t.person())),
  'POST /v1/people/{id}/unsubscribe': one(async (t) => ({ ...(await id(t.person())), body: {} })),
  'POST /v1/people/{id}/resubscribe': one(async (t) => ({
    ...(await id(t.unsubscribedPerson())),
    body: { reason: 'asked for it' },
  })),
  'GET /v1/people/{id}/unsubscribes': one((t) => id(t.unsubscribedPerson())),
  'PUT /v1/people/{id}/addresses/{email}': one(async (t) => ({
    path: { id: (await t.person()).id, email: 'other@example.com' },
  })),
  'DELETE /v1/people/{id}/addresses/{email}': one(async (t) => ({ path: await t.addressedPerson() })),
  'POST /v1/people/{id}/addresses/{email}/main': one(async (t) => ({ path: await t.addressedPerson() })),
  'GET /v1/people/{id}/notes': one(async (t) => ({ path: await t.personNote() })),
  'POST /v1/people/{id}/notes': one(async (t) => ({ ...(await id(t.person())), body: { text: 'x' } })),
  'PATCH /v1/people/{id}/notes/{noteId}': one(async (t) => ({
    ...{ path: await t.personNote(), body: { text: 'x' }, headers: ANY },
  })),
  'DELETE /v1/people/{id}/notes/{noteId}': one(async (t) => ({ path: await t.personNote(t.ann) })),
  'PUT /v1/people/{id}/authorization': one(async (t) => ({ ...(await id(t.person())), body: { type: 'contract' } })),
  'DELETE /v1/people/{id}/authorization': one((t) => id(t.authorizedPerson())),
  'GET /v1/people/{id}/authorizations': one((t) => id(t.authorizedPerson())),
  'GET /v1/people/{id}/salesforce-activity': one(async (t) => ({ path: { id: (await t.person()).id } })),
  'GET /v1/people/{id}/timeline': one(async (t) => ({ path: { id: (await t.personNote()).id } })),
  'POST /v1/people/{id}/erase': one(async (t) => ({ ...(await id(t.person())), body: { confirm: 'Grace' } })),
  'POST /v1/people/{id}/merge': one(async (t) => ({
    ...(await id(t.person())),
    body: { person_id: (await t.person()).id },
  })),
  'GET /v1/groups': list(async (t) => (await t.group(), {})),
  'POST /v1/groups': own({ body: { name: 'Fair' } }),
  'GET /v1/groups/{id}': one((t) => id(t.group())),
  'PATCH /v1/groups/{id}': one(async (t) => ({ ...(await id(t.group())), body: { name: 'Other' }, headers: ANY })),
  'DELETE /v1/groups/{id}': one((t) => id(t.group())),
  'POST /v1/groups/{id}/members': one(async (t) => ({
    ...(await id(t.group())),
    body: { person_ids: [(await t.person()).id] },
  })),
  'POST /v1/groups/{id}/members/remove': one(async (t) => ({
    ...(await id(t.group())),
    body: { person_ids: [(await t.person()).id] },
  })),
  'GET /v1/people-export': list(undefined, async (t) => ({ query: { group_id: (await t.group()).id } })),
  'POST /v1/people-imports': none(
    'takes a file alone; test/command-center/people/people-imports.int.spec.ts is about it',
  ),
  'POST /v1/salesforce/people-imports': own({ body: { objects: ['Lead'], owned: false } }),
  'POST /v1/salesforce/people-imports/count': own({ body: { objects: ['Lead'], owned: false } }),
  'GET /v1/salesforce/people-imports/list-views': own({ query: { object: 'Lead' } }),
  'GET /v1/people-imports/{id}': one((t) => id(t.peopleImport())),
  'GET /v1/people-imports/{id}/rows': one((t) => id(t.peopleImport())),
  'POST /v1/people-imports/{id}/start': one(async (t) => ({
    ...(await id(t.peopleImport(t.admin))),
    body: { columns: { name: 'name' } },
  })),
  'DELETE /v1/people-imports/{id}': one(async (t) => id(t.peopleImport(t.admin))),
  'GET /v1/blocked-domains': {
    kind: 'list',
    show: async (t) => (await t.blockedDomain(), {}),
    queries: [],
    empty: true,
  },
  'PUT /v1/blocked-domains/{domain}': own({ path: { domain: 'other.example.com' } }),
  'DELETE /v1/blocked-domains/{domain}': one(async (t) => ({ path: { domain: await t.blockedDomain() } })),

  'GET /v1/mail-accounts/providers': none('which providers this installation is registered with'),
  'POST /v1/mail-accounts': own({ body: { provider: 'google' } }, 409),
  'GET /v1/channels': list(async (t) => (await t.channel(), {})),
  'POST /v1/channels': own({ body: { name: 'Ours', host: '127.0.0.1', port: 2525, security: 'none', team: true } }),
  'GET /v1/channels/{id}': one((t) => id(t.channel())),
  'PATCH /v1/channels/{id}': one(async (t) => ({ ...(await id(t.channel())), body: { name: 'X' }, headers: ANY })),
  'DELETE /v1/channels/{id}': one((t) => id(t.channel())),
  'POST /v1/channels/{id}/pause': one((t) => id(t.channel())),
  'POST /v1/channels/{id}/resume': one((t) => id(t.pausedChannel())),
  'POST /v1/channels/{id}/test': personal((t) => id(t.channel(t.admin))),
  'GET /v1/identities': list(async (t) => (await t.identity(t.admin), {})),
  'POST /v1/identities': reference(async (t) => ({
    body: { email: 'ours@example.com', name: 'Ours', channel_id: (await t.channel(t.admin)).id },
  })),
  'GET /v1/identities/{id}': personal((t) => id(t.identity(t.admin))),
  'PATCH /v1/identities/{id}': personal(async (t) => ({
    ...(await id(t.identity(t.admin))),
    ...{ body: { name: 'X' }, headers: ANY },
  })),
  'DELETE /v1/identities/{id}': personal((t) => id(t.identity(t.admin))),
  'POST /v1/identities/{id}/code': none('needs a mail server; test/mail/channels is about whose it may be'),
  'POST /v1/identities/{id}/confirm': none('needs the code from a mailbox; test/mail/channels is about it'),

  'GET /v1/emails': list(
    async (t) => (await t.email(t.admin), { query: { folder: 'drafts' } }),
    ({ ann }) => ({ query: { folder: 'drafts', user_id: ann.userId } }),
    async (t) => ({ query: { folder: 'drafts', person_id: (await t.person()).id } }),
  ),
  'GET /v1/emails/column-sets': own(),
  'PUT /v1/emails/column-sets/{folder}': own({
    path: { folder: 'drafts' },
    body: { columns: ['subject'], sort: 'subject', rows_per_page: 25, roll_up: false },
  }),
  'DELETE /v1/emails/column-sets/{folder}': own({ path: { folder: 'drafts' } }),
  'GET /v1/emails/counts': figures(({ ann }) => ({ query: { user_id: ann.userId } })),
  'POST /v1/emails': reference(
    async (t) => ({ body: { person_id: (await t.person()).id, subject: 'Hi' } }),
    async (t) => ({ body: { reply_to_id: (await t.email(t.admin)).id } }),
    async (t) => {
      const personId = (await t.person()).id;
      return { body: { person_id: personId, subject: 'Hi', attachments: [{ file_id: (await t.file(t.admin)).id }] } };
    },
  ),
  'POST /v1/files': none('takes a file alone; test/command-center/files/files.int.spec.ts is about it'),
  'POST /v1/emails/bulk': each(async (t) => ({ body: { ids: [(await t.email(t.admin)).id], action: 'delete' } })),
  'GET /v1/emails/{id}': one((t) => id(t.email())),
  'GET /v1/emails/{id}/events': one((t) => id(t.email())),
  'GET /v1/emails/{id}/attachments/{file_id}': one(async (t) => {
    const fileId = (await t.file()).id;
    const email = await t.email(t.ann, { attachments: [{ file_id: fileId }] });
    return { path: { id: email.id, file_id: fileId } };
  }),
  'PATCH /v1/emails/{id}': personal(async (t) => ({
    ...{ ...(await id(t.email(t.admin))), body: { subject: 'Other' }, headers: ANY },
  })),
  'DELETE /v1/emails/{id}': personal((t) => id(t.email(t.admin))),
  'POST /v1/emails/{id}/tasks': one(async (t) => ({ ...(await id(t.email(t.admin))), body: { name: 'Call' } })),
  'POST /v1/emails/{id}/schedule': personal(async (t) => ({ ...(await id(t.scheduledEmail())), body: {} })),
  'POST /v1/emails/{id}/unschedule': personal((t) => id(t.scheduledEmail())),
  'POST /v1/emails/{id}/retry': personal((t) => id(t.failedEmail())),
  'POST /v1/emails/{id}/archive': personal((t) => id(t.sentEmail('delivered'))),
  'POST /v1/emails/{id}/unarchive': personal((t) => id(t.sentEmail('archived'))),
  'POST /v1/emails/{id}/success': personal((t) => id(t.sentEmail('delivered'))),
  'DELETE /v1/emails/{id}/success': personal((t) => id(t.sentEmail('delivered'))),
  'POST /v1/email-batches': reference(
    async (t) => {
      await t.readyToSend();
      return { body: { kind: 'select', person_ids: [(await t.person()).id], subject: 'Hi', body: 'Hi' } };
    },
    async (t) => ({ body: { kind: 'group', group_id: (await t.filledGroup()).id, subject: 'Hi', body: 'Hi' } }),
  ),
  'POST /v1/email-batches/check': reference(async (t) => ({
    ...{ body: { kind: 'select', person_ids: [(await t.person()).id], subject: 'Hi', body: 'Hi' } },
  })),
  'POST /v1/email-batches/preview': reference(async (t) => ({
    ...{ body: { person_id: (await t.person()).id, subject: 'Hi', body: 'Hi' } },
  })),
  'GET /v1/email-batches/{id}': personal((t) => id(t.batch())),
  'PATCH /v1/email-batches/{id}': personal(async (t) => ({
    ...{ ...(await id(t.batch())), body: { subject: 'Other' }, headers: ANY },
  })),

  'GET /v1/templates': list(
    async (t) => (await t.template(), {}),
    () => ({ query: { q: 'Theirs' } }),
  ),
  'GET /v1/templates/categories': figures(),
  'GET /v1/template-figures': {
    kind: 'list',
    show: async (t) => ({ query: { ids: (await t.template()).id } }),
    queries: [async (t) => ({ query: { ids: (await t.template()).id } })],
    empty: false,
  },
  'POST /v1/templates': own({ body: { name: 'Ours', subject: 'Hello', body: 'Hi', shared: true } }),
  'POST /v1/templates/preview': reference(async (t) => ({
    body: { subject: 'Hello', body: 'Hi', person_id: (await t.person()).id },
  })),
  'GET /v1/templates/{id}': one((t) => id(t.template())),
  'PATCH /v1/templates/{id}': one(async (t) => ({ ...(await id(t.template())), body: { name: 'X' }, headers: ANY })),
  'DELETE /v1/templates/{id}': one((t) => id(t.template())),
  'POST /v1/templates/{id}/duplicate': one((t) => id(t.template())),
  'PUT /v1/templates/{id}/favourite': personal((t) => id(t.template())),
  'DELETE /v1/templates/{id}/favourite': personal((t) => id(t.template())),

  'GET /v1/tasks': list(
    ({ ann }) => ({ query: { view: 'all', assignee_id: ann.userId } }),
    ({ ann }) => ({ query: { assignee_id: ann.userId } }),
    async (t) => ({ query: { person_id: (await t.person()).id } }),
  ),
  'POST /v1/tasks': reference(
    ({ ann }) => ({ body: { name: 'Task', assignee_id: ann.userId } }),
    async (t) => ({ body: { name: 'Task', person_id: (await t.person()).id } }),
  ),
  'GET /v1/tasks/counts': figures(({ ann }) => ({ query: { assignee_id: ann.userId } })),
  'POST /v1/tasks/bulk': each(async (t) => ({ body: { ids: [(await t.task()).id], action: 'complete' } })),
  'GET /v1/tasks/{id}': one((t) => id(t.task())),
  'PATCH /v1/tasks/{id}': one(async (t) => ({ ...(await id(t.task())), body: { name: 'Other' }, headers: ANY })),
  'DELETE /v1/tasks/{id}': one((t) => id(t.task())),
  'GET /v1/tasks/{id}/history': one((t) => id(t.task())),
  'POST /v1/tasks/{id}/complete': one(async (t) => ({ ...(await id(t.task())), body: {} })),
  'POST /v1/tasks/{id}/skip': one((t) => id(t.task())),
  'POST /v1/tasks/{id}/reopen': one((t) => id(t.task())),
  'POST /v1/tasks/{id}/snooze': one(async (t) => ({ ...(await id(t.task())), body: { until: null } })),
  'POST /v1/tasks/{id}/restore': one(async (t) => {
    const task = await t.task();
    await t.world.deleteHere(task.id, t.ann);
    return { path: { id: task.id } };
  }),

  'POST /v1/salesforce/connection': ownWith(({ world }) => ({ body: { login_url: world.org.url } })),
  'POST /v1/salesforce/connection/jwt': own({ body: { username: 'integration@acme.example' } }, 409),
  'GET /v1/salesforce/connection/switch': figures(),
  'GET /v1/salesforce/connection': figures(),
  'DELETE /v1/salesforce/connection': own(),
  'POST /v1/salesforce/connection/pause': own(),
  'POST /v1/salesforce/connection/resume': own(),
  'GET /v1/salesforce/callback': none('the state that it is called with says who; tests of the connection try others'),
  'GET /v1/salesforce/users': list(),
  'POST /v1/salesforce/users/match': own(),
  'PUT /v1/salesforce/users/{userId}/match': one(async (t) => ({
    path: { userId: (await t.user()).id },
    body: { salesforce_user_id: await t.orgUser() },
  })),
  'DELETE /v1/salesforce/users/{userId}/match': one(async (t) => {
    const { id: userId } = await t.matchedUser();
    return { path: { userId } };
  }),
  'GET /v1/salesforce/api-usage': figures(),
  'PUT /v1/salesforce/api-budget': own({ body: { share_percent: 40, reserve_percent: 10 } }),

  'GET /v1/salesforce/task-sync/status': figures(),
  'GET /v1/salesforce/task-sync/settings': figures(),
  'PUT /v1/salesforce/task-sync/settings': own({ body: { conflict_policy: 'salesforce' } }),
  'GET /v1/salesforce/task-sync/users': list(),
  'PUT /v1/salesforce/task-sync/users': each(({ ann }) => ({
    body: { user_ids: [ann.userId], enabled: true, locked: true },
  })),
  'GET /v1/salesforce/task-sync/me': own(),
  'PUT /v1/salesforce/task-sync/me': own({ body: { enabled: true } }),
  'POST /v1/salesforce/task-sync/preview': each(({ ann }) => ({ body: { user_ids: [ann.userId] } })),
  'POST /v1/salesforce/task-sync/sync-now': own(),
  'POST /v1/salesforce/task-sync/tasks/{id}/send': one((t) => id(t.task())),
  'GET /v1/salesforce/task-sync/runs': list(async (t) => (await t.run(), {})),
  'GET /v1/salesforce/task-sync/runs/{id}': shared((t) => id(t.run())),
  'POST /v1/salesforce/task-sync/runs/{id}/cancel': shared((t) => id(t.firstSync())),
  'POST /v1/salesforce/task-sync/reconcile': own(),
  'GET /v1/salesforce/task-sync/alarms': list(async (t) => (await t.alarm(), {})),
  'POST /v1/salesforce/task-sync/alarms/{id}/confirm': one(async (t) => ({ ...(await id(t.alarm())), body: {} })),
  'POST /v1/salesforce/task-sync/alarms/{id}/dismiss': one((t) => id(t.alarm())),
  'GET /v1/salesforce/task-sync/conflicts': list(
    async (t) => (await t.conflict(), {}),
    async (t) => ({ query: { task_id: (await t.conflict()).task_id } }),
  ),
  'POST /v1/salesforce/task-sync/conflicts/{id}/restore': one((t) => id(t.conflict())),
  'GET /v1/salesforce/task-sync/problems': list(
    async (t) => (await t.problem(), {}),
    async (t) => ({ query: { task_id: (await t.problem()).task_id, state: 'all' } }),
  ),
  'GET /v1/salesforce/task-sync/problems/kinds': figures(),
  'POST /v1/salesforce/task-sync/problems/retry': own({ body: { code: 'STRING_TOO_LONG' } }),
  'POST /v1/salesforce/task-sync/problems/{id}/retry': one((t) => id(t.problem())),
  'POST /v1/salesforce/task-sync/problems/{id}/ignore': one((t) => id(t.problem())),
  'GET /v1/salesforce/task-sync/tasks/{id}/trace': one(async (t) => id(t.syncedTask())),
};
