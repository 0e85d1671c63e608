import { v7 as uuidv7 } from 'uuid';
import { bearer, makeUser, type TestUser } from '../support/app.js';
import type { HereTask, Rep, SyncWorld } from '../support/sync-world.js';

/**
 * What the other team has, made anew for each request that might change it. All of it is Ann's or the team's: Bob, a
 * rep of the same team, may see only what is shared.
 */
export class Theirs {
  readonly ann: Rep;
  readonly bob: Rep;

  constructor(readonly world: SyncWorld) {
    [this.ann, this.bob] = world.reps as [Rep, Rep];
  }

  private get teamId(): string {
    return this.world.team.teamId;
  }

  get admin(): TestUser {
    return this.world.team.admin;
  }

  async task(values: Record<string, unknown> = {}): Promise<HereTask> {
    return this.world.createHere({ name: 'Theirs', ...values }, this.ann);
  }

  /** A task that both sides have. */
  async syncedTask(): Promise<HereTask> {
    const task = await this.task();
    await this.world.sync();
    return this.world.here(task.id);
  }

  person(): Promise<{ id: string }> {
    return this.world.call('POST', '/v1/people', { name: 'Grace' }, this.ann);
  }

  /** With another address: what the path names. */
  async addressedPerson(): Promise<{ id: string; email: string }> {
    const { id } = await this.person();
    const email = `${uuidv7()}@example.com`;
    await this.world.call('PUT', `/v1/people/${id}/addresses/${email}`, undefined, this.ann);
    return { id, email };
  }

  async authorizedPerson(): Promise<{ id: string }> {
    const { id } = await this.person();
    return this.world.call('PUT', `/v1/people/${id}/authorization`, { type: 'contract' }, this.ann);
  }

  async personNote(by: TestUser = this.admin): Promise<{ id: string; noteId: string }> {
    const { id } = await this.person();
    const path = `/v1/people/${id}/notes`;
    return { id, noteId: (await this.world.call<{ id: string }>('POST', path, { text: 'Theirs' }, by)).id };
  }

  template(): Promise<{ id: string }> {
    return this.world.call('POST', '/v1/templates', { name: 'Theirs', subject: 'Hello', body: 'Hi' }, this.ann);
  }

  async unsubscribedPerson(): Promise<{ id: string }> {
    const { id } = await this.person();
    return this.world.call('POST', `/v1/people/${id}/unsubscribe`, { reason: 'too much' }, this.ann);
  }

  channel(by: TestUser = this.ann): Promise<{ id: string }> {
    const server = { name: 'Theirs', host: '127.0.0.1', port: 9, security: 'none' };
    return this.world.call('POST', '/v1/channels', server, by);
  }

  async pausedChannel(): Promise<{ id: string }> {
    const { id } = await this.channel();
    return this.world.call('POST', `/v1/channels/${id}/pause`, {}, this.ann);
  }

  identity(by: TestUser = this.ann): Promise<{ id: string }> {
    return this.world.call('POST', '/v1/identities', { email: `${uuidv7()}@example.com`, name: 'Theirs' }, by);
  }

  async email(by: TestUser = this.ann, values: Record<string, unknown> = {}): Promise<{ id: string }> {
    const { id: personId } = await this.person();
    const text = { person_id: personId, subject: 'Theirs', body: 'Hello' };
    return this.world.call('POST', '/v1/emails', { ...text, ...values }, by);
  }

  /** The admin's own, ready to leave at a time far away. */
  async scheduledEmail(): Promise<{ id: string }> {
    await this.readyToSend();
    return this.email(this.admin, { person_id: (await this.reachablePerson()).id, schedule: this.later });
  }

  /** The admin's own, to somebody without an address. */
  async failedEmail(): Promise<{ id: string }> {
    await this.readyToSend();
    return this.email(this.admin, { schedule: this.later });
  }

  /** The admin's own, as nothing but the sending itself would leave it. */
  async sentEmail(state: 'delivered' | 'archived'): Promise<{ id: string }> {
    const email = await this.email(this.admin);
    await this.sql('UPDATE emails SET state = $2, folder = $2 WHERE id = $1', [email.id, state]);
    return email;
  }

  /** The admin's own. */
  async batch(): Promise<{ id: string }> {
    await this.readyToSend();
    const { id } = await this.reachablePerson();
    const text = { kind: 'select', person_ids: [id], subject: 'Theirs', body: 'Hello', schedule: this.later };
    return this.world.call('POST', '/v1/email-batches', text, this.admin);
  }

  /** The admin, by a channel of their own. */
  async readyToSend(): Promise<void> {
    const { id: channelId } = await this.channel(this.admin);
    const { id } = await this.identity(this.admin);
    const sql = 'UPDATE identities SET verified_at = now(), channel_id = $2 WHERE id = $1';
    await this.sql(sql, [id, channelId]);
    await this.world.call('PATCH', `/v1/identities/${id}`, { is_default: true }, this.admin, { 'If-Match': '*' });
  }

  private get later(): { at: string } {
    return { at: new Date(this.world.clock.now().getTime() + 86_400_000).toISOString() };
  }

  private reachablePerson(): Promise<{ id: string }> {
    return this.world.call('POST', '/v1/people', { name: 'Grace', email: `${uuidv7()}@example.com` }, this.ann);
  }

  private sql(text: string, parameters: unknown[]): Promise<unknown> {
    return this.world.database.dataSource.query(text, parameters);
  }

  async filledGroup(): Promise<{ id: string }> {
    const [group, person] = [await this.group(), await this.person()];
    await this.world.call('POST', `/v1/groups/${group.id}/members`, { person_ids: [person.id] }, this.ann);
    return group;
  }

  group(): Promise<{ id: string }> {
    return this.world.call('POST', '/v1/groups', { name: uuidv7() }, this.ann);
  }

  async peopleImport(by: TestUser = this.ann): Promise<{ id: string }> {
    const headers = { ...bearer(by.key), 'Content-Type': 'text/csv' };
    const answer = await this.world.test.http.post('/v1/people-imports').set(headers).send('name\nGrace\n');
    return answer.body as { id: string };
  }

  async file(by: TestUser = this.ann): Promise<{ id: string }> {
    const headers = { ...bearer(by.key), 'Content-Type': 'application/octet-stream' };
    const answer = await this.world.test.http.post('/v1/files?name=a.pdf').set(headers).send(Buffer.from('x'));
    return answer.body as { id: string };
  }

  async blockedDomain(): Promise<string> {
    const domain = `${uuidv7()}.example.com`;
    await this.world.call('PUT', `/v1/blocked-domains/${domain}`);
    return domain;
  }

  async user(): Promise<{ id: string }> {
    return { id: (await makeUser(this.world.test, this.teamId)).userId };
  }

  /** A Salesforce user who is nobody here. */
  async orgUser(): Promise<string> {
    const { ids } = await this.world.control<{ ids: [string] }>('POST', 'users', { count: 1 });
    return ids[0];
  }

  /** One who is matched with a Salesforce user. */
  async matchedUser(): Promise<{ id: string }> {
    const user = await this.user();
    const there = await this.orgUser();
    await this.world.database.dataSource.query(
      `INSERT INTO salesforce_user_matches (team_id, user_id, salesforce_user_id, salesforce_username, matched_by)
       VALUES ($1, $2, $3, 'x', 'admin')`,
      [this.teamId, user.id, there],
    );
    return user;
  }

  /** A first-time sync that has begun. */
  async firstSync(): Promise<{ id: string }> {
    const [user, run] = [await this.matchedUser(), await this.run()];
    await this.world.database.dataSource.query(
      `INSERT INTO task_sync_enrolments (team_id, user_id, salesforce_user_id, state, scope, enrolled_at, run_id)
       SELECT team_id, user_id, salesforce_user_id, 'reading', 'all', $3, $4
       FROM salesforce_user_matches WHERE team_id = $1 AND user_id = $2`,
      [this.teamId, user.id, this.now, run.id],
    );
    return run;
  }

  session(of: TestUser): Promise<{ id: string }> {
    const at = { created_at: this.now, last_seen_at: this.now, expires_at: new Date(this.now.getTime() + 3_600_000) };
    return this.row('sessions', { user_id: of.userId, token_hash: uuidv7(), method: 'link', user_agent: '', ...at });
  }

  invitation(): Promise<{ id: string }> {
    const email = `${uuidv7()}@example.com`;
    return this.world.call('POST', '/v1/invitations', { email, name: 'Guest' });
  }

  key(): Promise<{ id: string }> {
    return this.world.call('POST', '/v1/api-keys', { name: 'theirs', user_id: this.ann.userId }, this.ann);
  }

  run(): Promise<{ id: string }> {
    return this.row('sync_runs', { kind: 'first_sync', status: 'running', started_at: this.now });
  }

  async problem(): Promise<{ id: string; task_id: string }> {
    const { id: task_id } = await this.task();
    const at = { first_at: this.now, last_at: this.now };
    const { id } = await this.row('sync_problems', { task_id, code: 'STRING_TOO_LONG', message: 'too long', ...at });
    return { id, task_id };
  }

  async conflict(): Promise<{ id: string; task_id: string }> {
    const { id: task_id } = await this.syncedTask();
    const values = { base: 'Theirs', here: 'Ours then', there: 'Theirs', field: 'Subject', winner: 'there' };
    const { id } = await this.row('sync_conflicts', { task_id, ...values, at: this.now });
    return { id, task_id };
  }

  async alarm(): Promise<{ id: string }> {
    await this.world.database.dataSource.query(
      `UPDATE sync_alarms SET state = 'over' WHERE team_id = $1 AND state IN ('open', 'dismissed')`,
      [this.teamId],
    );
    const counts = { kind: 'improbable_absence', asked: 40, absent: 30 };
    return this.row('sync_alarms', { ...counts, at: this.now, last_at: this.now });
  }

  private get now(): Date {
    return this.world.clock.now();
  }

  private async row(table: string, values: Record<string, unknown>): Promise<{ id: string }> {
    const id = uuidv7();
    const all = { team_id: this.teamId, id, ...values };
    const places = Object.keys(all).map((_, index) => `$${index + 1}`);
    await this.world.database.dataSource.query(
      `INSERT INTO ${table} (${Object.keys(all).join(', ')}) VALUES (${places.join(', ')})`,
      Object.values(all),
    );
    return { id };
  }
}
