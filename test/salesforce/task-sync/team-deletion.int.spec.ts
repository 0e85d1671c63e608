import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TEAM_REMOVAL } from '../../../src/accounts/team-removal.js';
import { LaneRunner } from '../../../src/platform/pipelines/lane-runner.js';
import { ApiUsageRecorder } from '../../../src/salesforce/api-budget/api-usage-recorder.js';
import { OrgLoop, SALESFORCE_ORG } from '../../../src/salesforce/org-loop/org-loop.js';
import { RemoteNames } from '../../../src/salesforce/task-sync/remote-names.js';
import { Gate } from '../../platform/pipelines/demo.js';
import { SyncWorld } from '../../support/sync-world.js';
import { rowsOfTeam, tablesOfTeams, tracesOf } from '../../support/team-rows.js';
import { until } from '../../support/until.js';

/** Tables that the deletion itself writes to; all others it leaves to the removal. */
const MARKED = ['teams', 'salesforce_connections', 'salesforce_api_calls', 'salesforce_org_states', 'live_events'];

describe('the deletion of a team that syncs', () => {
  let world: SyncWorld;
  afterEach(() => world.close());

  const remove = () => world.call('DELETE', '/v1/team', { name: 'Northwind' });
  const tasksThere = async (of = world) => (await of.org.pool.query('SELECT * FROM sf_task ORDER BY id')).rows;
  const rows = async (of = world) => {
    await of.test.app.get(ApiUsageRecorder).settled();
    return rowsOfTeam(of.database.dataSource, of.team.teamId);
  };
  const traces = () => tracesOf(world.database.dataSource, [world.team.teamId, world.connectionId]);
  const run = () => world.test.app.get(LaneRunner).runLane(SALESFORCE_ORG, world.connectionId);
  const callsSince = async (work: () => Promise<unknown>) => {
    const before = await world.control<{ used: number }>('GET', 'calls');
    await work();
    return (await world.control<{ used: number }>('GET', 'calls')).used - before.used;
  };

  describe('in the middle of a first-time sync', () => {
    beforeEach(async () => {
      world = await SyncWorld.create({ reps: 10, tasks: 3_000 });
      await world.setSync(world.reps, true);
    });

    it('keeps the worker from committing what it has just read, and its lane does not fail', async () => {
      // Stands between the answer of a page and its commit.
      const gate = new Gate();
      const names = world.test.app.get(RemoteNames);
      const read = names.read.bind(names);
      names.read = async (org, page) => {
        if (page.length > 0) await gate.pass();
        return read(org, page);
      };
      const outcome = run();
      await until(() => gate.arrived === 1);
      const [before, there] = [await rows(), await tasksThere()];
      expect(before['sync_runs']).toHaveLength(1);
      await remove();
      gate.open();
      expect(await outcome).toBe('lost');
      const after = await rows();
      for (const table of MARKED) after[table] = before[table] ?? [];
      expect(after).toEqual(before);

      expect(await world.quiesce()).toEqual([]);
      expect(await traces()).toEqual([]);
      expect(await tasksThere()).toEqual(there);
    });

    it('ends it for good: no query goes out any more, whatever hint comes late', async () => {
      await remove();
      expect(await world.test.app.get(OrgLoop).dueLanes(world.clock.now(), 100)).toEqual([]);
      const calls = await callsSince(async () => {
        expect(await run()).toBe('gone');
        expect(await world.quiesce()).toEqual([]);
        expect(await run()).toBe('gone');
        world.clock.advance(24 * 3_600_000);
        expect(await world.quiesce()).toEqual([]);
      });
      expect(calls).toBe(0);
      expect(await traces()).toEqual([]);
    });
  });

  it('leaves Salesforce as it is: neither what was due nor what was in doubt goes there any more', async () => {
    world = await SyncWorld.create({ reps: 2, tasks: 200 });
    await world.enrol();
    const edited = await world.createHere({ name: 'edited after it went' });
    await world.sync();
    await world.fault({ method: 'POST', body: 'answer lost' }, { cut: 'after' });
    const doubtful = await world.createHere({ name: 'answer lost' });
    await world.quiesce();
    expect((await world.here(doubtful.id)).salesforce).toMatchObject({ id: null, state: 'waiting' });
    await world.editHere(edited.id, { details: 'never goes there' });
    await world.deleteHere((await world.createHere({ name: 'never was there' })).id);
    const there = await tasksThere();
    expect(there.filter((task: { subject: string }) => task.subject === 'answer lost')).toHaveLength(1);

    await remove();
    expect(await callsSince(() => world.recover())).toBe(0);
    expect(await traces()).toEqual([]);
    expect(await tasksThere()).toEqual(there);
  });

  it('touches no row of another team, which goes on syncing with its own org', async () => {
    world = await SyncWorld.create({ reps: 2, tasks: 200 });
    const second = await world.secondTeam({ reps: 2, tasks: 200 });
    try {
      await world.enrol();
      await second.enrol();
      const ours = await second.createHere({ name: 'made by the second team' });
      await second.sync();
      await second.editHere(ours.id, { details: 'due at the deletion' });
      const filled = Object.entries(await rows()).flatMap(([table, of]) => (of.length > 0 ? table : []));
      expect(filled).toEqual(expect.arrayContaining(['task_links', 'people', 'salesforce_names', 'sync_runs']));
      const [before, there] = [await rows(second), await tasksThere(second)];

      await remove();
      expect(await world.test.app.get(LaneRunner).runLane(TEAM_REMOVAL, world.team.teamId)).toBe('gone');
      expect(await traces()).toEqual([]);
      expect(await rows(second)).toEqual(before);
      expect(await tasksThere(second)).toEqual(there);

      const made = await second.createThere({ Subject: 'made in the second org' });
      await second.sync();
      expect(await second.linkedTo(made)).toHaveLength(1);
      expect((await second.thereOf(ours.id)).Description).toBe('due at the deletion');
      expect(await second.quietCycle()).toEqual({ calls: 1, writes: 0 });
    } finally {
      await second.close();
    }
  });

  it('leaves nothing in any table: each was filled before', async () => {
    world = await SyncWorld.create({ reps: 2, tasks: 200 });
    await world.enrol();
    await fillTheRest();
    const filled = await rows();
    const empty = (await tablesOfTeams(world.database.dataSource)).filter((table) => filled[table]?.length === 0);
    expect(empty).toEqual([]);
    await remove();
    expect(await world.quiesce()).toEqual([]);
    expect(await traces()).toEqual([]);
    expect(Object.values(await rows()).flat()).toEqual([]);
  });

  /** What a quiet sync does not make. */
  const fillTheRest = async () => {
    await world.call('PUT', '/v1/salesforce/task-sync/settings', { scope: 'all' });
    await world.fault(
      { method: 'POST', body: 'refused' },
      { rows: { containing: 'refused', statusCode: 'STRING_TOO_LONG' } },
    );
    const guest = { email: 'guest@example.com', name: 'Guest' };
    await world.call('POST', '/v1/invitations', guest, undefined, { 'Idempotency-Key': 'guest' });
    const task = await world.createHere({ name: 'refused' });
    await world.quiesce();
    const rowsOf: Record<string, string> = {
      salesforce_oauth_attempts: `(state_hash, team_id, actor, login_url, code_verifier, expires_at)
        SELECT 'x', team_id, 'operator', 'https://x', 'x', now() FROM t`,
      sync_conflicts: `(team_id, id, task_id, field, winner, at)
        SELECT team_id, gen_random_uuid(), id, 'Subject', 'here', now() FROM t`,
      sync_alarms: `(team_id, id, kind, asked, absent, at, last_at)
        SELECT team_id, id, 'improbable_absence', 1, 1, now(), now() FROM t`,
      sessions: `(team_id, id, user_id, token_hash, method, user_agent, created_at, last_seen_at, expires_at)
        SELECT team_id, id, assignee_id, 'x', 'link', '', now(), now(), now() FROM t`,
      user_passwords: `(team_id, user_id, hash, set_at) SELECT team_id, assignee_id, 'x', now() FROM t`,
      account_mails: `(team_id, user_id, kind, request, not_before)
        SELECT team_id, assignee_id, 'password_reset', id, now() FROM t`,
      set_aside_rows: `(team_id, place, source, key, row) SELECT team_id, 'x', 'tasks', id::text, '{}' FROM t`,
      hand_overs: `(team_id, id, from_user_id, to_user_id, actor, created_at)
        SELECT team_id, id, assignee_id, assignee_id, 'operator', now() FROM t`,
      delivery_channels: `(team_id, id, owner_id, name, host, port, security, created_at, updated_at)
        SELECT team_id, id, assignee_id, 'x', 'smtp.example.com', 587, 'starttls', now(), now() FROM t`,
      delivery_channel_grants: `(team_id, channel_id, provider, refresh_token_sealed, access_token_sealed, got_at, expires_at)
        SELECT team_id, id, 'google', 'x', 'x', now(), now() FROM t`,
      mail_account_attempts: `(state_hash, team_id, user_id, provider, for_team, code_verifier, expires_at)
        SELECT 'x', team_id, assignee_id, 'google', false, 'x', now() FROM t`,
      delivery_channel_paces: '(team_id, channel_id) SELECT team_id, id FROM t',
      identities: `(team_id, id, user_id, channel_id, email, name, created_at, updated_at)
        SELECT team_id, id, assignee_id, id, 'x@example.com', 'x', now(), now() FROM t`,
      templates: `(team_id, id, owner_id, name, subject, body, created_at, updated_at)
        SELECT team_id, id, assignee_id, 'x', 'x', 'x', now(), now() FROM t`,
      template_favourites: `(team_id, user_id, template_id) SELECT team_id, assignee_id, id FROM t`,
      person_addresses: `(team_id, email, person_id, main)
        SELECT team_id, 'grace@example.com', (SELECT id FROM people p WHERE p.team_id = t.team_id LIMIT 1), true FROM t`,
      person_notes: `(team_id, id, person_id, author, text, created_at)
        SELECT team_id, id, (SELECT id FROM people p WHERE p.team_id = t.team_id LIMIT 1), 'operator', 'x', now() FROM t`,
      person_authorizations: `(team_id, id, person_id, type, actor, at)
        SELECT team_id, id, (SELECT id FROM people p WHERE p.team_id = t.team_id LIMIT 1), 'contract', 'x', now() FROM t`,
      person_unsubscribes: `(team_id, id, person_id, what, source, at)
        SELECT team_id, gen_random_uuid(), (SELECT id FROM people p WHERE p.team_id = t.team_id LIMIT 1),
          'unsubscribed', 'manual', now() FROM t`,
      unsubscribed_addresses: `(team_id, email, at) SELECT team_id, 'former@example.com', now() FROM t`,
      erasure_keys: `(team_id, key_sealed) SELECT team_id, 'x' FROM t`,
      erased_unsubscribes: `(team_id, digest, at) SELECT team_id, 'x', now() FROM t`,
      blocked_domains: `(team_id, domain, created_at, created_by)
        SELECT team_id, 'rival.example.com', now(), 'operator' FROM t`,
      groups: `(team_id, id, name, owner_id, created_at, updated_at)
        SELECT team_id, id, 'Fair', assignee_id, now(), now() FROM t`,
      group_members: `(team_id, group_id, person_id, added_at)
        SELECT team_id, id, (SELECT id FROM people p WHERE p.team_id = t.team_id LIMIT 1), now() FROM t`,
      people_imports: `(team_id, id, owner_id, created_at) SELECT team_id, id, assignee_id, now() FROM t`,
      salesforce_people_reads: `(team_id, import_id, connection_id, queries, created_at)
        SELECT team_id, id, id, '[]', now() FROM t`,
      people_import_rows: `(team_id, import_id, row, cells) SELECT team_id, id, 1, '["Grace"]' FROM t`,
      email_contents: `(team_id, id, subject, body) SELECT team_id, id, 'x', 'x' FROM t`,
      files: `(team_id, id, user_id, name, media_type, created_at)
        SELECT team_id, id, assignee_id, 'x', 'x', now() FROM t`,
      file_chunks: `(team_id, file_id, position, bytes) SELECT team_id, id, 0, 'x' FROM t`,
      email_content_attachments: `(team_id, content_id, position, file_id, tracked) SELECT team_id, id, 0, id, true FROM t`,
      template_attachments: `(team_id, template_id, position, file_id, tracked) SELECT team_id, id, 0, id, true FROM t`,
      email_batches: `(team_id, id, user_id, kind, subject, content_id, emails, created_at)
        SELECT team_id, id, assignee_id, 'select', 'x', id, 1, now() FROM t`,
      emails: `(team_id, id, user_id, kind, batch_id, content_id, to_name, subject, state, folder, state_at,
          channel_id, identity_id, created_at, updated_at)
        SELECT team_id, id, assignee_id, 'select', id, id, 'x', 'x', 'delivered', 'delivered', now(), id, id, now(), now() FROM t`,
      email_attempts: `(team_id, id, email_id, channel_id, message_id, subject, html, at)
        SELECT team_id, id, id, id, 'x', 'x', 'x', now() FROM t`,
      email_tasks: `(team_id, task_id, email_id) SELECT team_id, id, id FROM t`,
      email_events: `(team_id, id, email_id, event, at) SELECT team_id, id, id, 'created', now() FROM t`,
      email_column_sets: `(team_id, user_id, folder, columns, sort, rows_per_page, roll_up, updated_at)
        SELECT team_id, assignee_id, 'drafts', '{subject}', 'newest', 50, false, now() FROM t`,
      email_folder_counts: `(team_id, user_id, folder, emails) SELECT team_id, assignee_id, 'delivered', 1 FROM t`,
      email_folder_changes: `(team_id, user_id, folder, emails) SELECT team_id, assignee_id, 'failed', 1 FROM t`,
      sync_absences: `(team_id, alarm_id, task_id, since) SELECT team_id, id, id, now() FROM t`,
    };
    for (const [table, columns] of Object.entries(rowsOf)) {
      await world.database.dataSource.query(
        `WITH t AS (SELECT team_id, id, assignee_id FROM tasks WHERE id = $1) INSERT INTO ${table} ${columns}`,
        [task.id],
      );
    }
  };

  it('frees the org at once: another team imports what is there, each Task once', async () => {
    world = await SyncWorld.create({ reps: 1 });
    await world.enrol();
    await world.createHere({ name: 'carries a key of the first team' });
    const theirs = await world.createThere({ Subject: 'made there' });
    await world.sync();
    await remove();

    const next = await world.successor({ reps: 1 });
    await next.enrol();
    await next.sync();
    const all = await next.allThere();
    expect(all.map((task) => task.Subject).sort()).toEqual(['carries a key of the first team', 'made there']);
    for (const { Id } of all) expect(await next.linkedTo(Id)).toHaveLength(1);
    await next.editHere((await next.hereOf(theirs)).id, { details: 'by the second team' });
    await next.sync();
    expect((await next.there(theirs)).Description).toBe('by the second team');
    expect(await traces()).toEqual([]);
  });
});
