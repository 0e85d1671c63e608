import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TeamDeletionService } from '../../../src/accounts/team-deletion.service.js';
import { Quiescence } from '../../../src/platform/pipelines/quiescence.js';
import { OauthClient } from '../../../src/salesforce/connection/oauth-client.js';
import type { TestTeam } from '../../support/app.js';
import { tracesOf } from '../../support/team-rows.js';
import { until } from '../../support/until.js';
import { ConnectionWorld } from './world.js';

describe('the log-in of a team that is deleted', () => {
  let world: ConnectionWorld;
  let team: TestTeam;
  beforeAll(async () => {
    world = await ConnectionWorld.create();
  });
  afterAll(() => world.close());
  // A team of its own for each test; the org is free again.
  beforeEach(async () => {
    await world.org.control('DELETE', 'faults');
    await world.empty('teams');
    team = await world.makeTeam();
  });

  const remove = () => world.app.get(TeamDeletionService).delete(team.teamId, 'Northwind', 'test');
  const openGrants = async () =>
    (await world.org.server.pool.query('SELECT 1 FROM sf_grant WHERE NOT revoked')).rowCount ?? 0;
  /** Sends the admin to Salesforce, who allows it; answers where the browser is sent back to. */
  const allowed = async () => {
    const started = await world.as(team, 'POST', '/v1/salesforce/connection', { login_url: world.org.url });
    const { authorize_url: url } = started.body as { authorize_url: string };
    const { pathname, search } = await world.org.allow(url, world.org.users[0]?.id ?? '');
    return pathname + search;
  };

  it('is forgotten here at once and revoked there, and the org is free for another team', async () => {
    const before = await openGrants();
    await world.connect(team);
    expect(await openGrants()).toBe(before + 1);
    await remove();
    expect(await world.row(team)).toMatchObject({ status: 'disconnected', access_token: null, refresh_token: null });
    await until(async () => (await openGrants()) === before);
    expect((await world.connect(await world.makeTeam('Other'))).status).toBe(200);
  });

  it('is gone although Salesforce cannot be reached', async () => {
    const { id } = await world.connect(team).then(() => world.row(team));
    const revocations = await world.org.watch('/services/oauth2/revoke');
    await world.org.fault({ match: { path: 'revoke' }, effect: { status: 503 } });
    await remove();
    await until(async () => (await revocations()) === 1);
    expect(await world.app.get(Quiescence).drainAllDue()).toEqual([]);
    expect(await tracesOf(world.database.dataSource, [team.teamId, String(id)])).toEqual([]);
  });

  it('cannot be finished when it was under way', async () => {
    const back = await allowed();
    await remove();
    const page = await world.comeBack(new URL(back, world.org.url));
    expect(page.status).toBe(400);
    expect(page.text).toContain('This log-in is over');
    expect(await world.row(team)).toEqual({});
  });

  it('is refused and revoked when the team is deleted while Salesforce gives the tokens', async () => {
    const before = await openGrants();
    const back = await allowed();
    const oauth = world.app.get(OauthClient);
    const exchange = oauth.exchange.bind(oauth);
    oauth.exchange = async (...args) => {
      const tokens = await exchange(...args);
      await remove();
      return tokens;
    };
    const page = await world.comeBack(new URL(back, world.org.url));
    oauth.exchange = exchange;
    expect(page.status).toBe(400);
    expect(page.text).toContain('The team of this log-in was deleted.');
    expect(await world.row(team)).toEqual({});
    expect(await openGrants()).toBe(before);
  });
});
