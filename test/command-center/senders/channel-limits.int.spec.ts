import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ChannelListeners } from '../../../src/command-center/senders/channel-listeners.js';
import type { ChannelView } from '../../../src/command-center/senders/channels.dto.js';
import { ChannelsRepository } from '../../../src/command-center/senders/channels.repository.js';
import { Transactions } from '../../../src/platform/database/transactions.js';
import { type Answer, type Client, createWorld, newTeam, type ProblemBody, type Team, type World } from '../world.js';

let world: World;
let team: Team;
let rep: Client;
let told: string[];

beforeAll(async () => {
  world = await createWorld();
  world.app.app.get(ChannelListeners).register((_tx, _teamId, channelId) => void told.push(channelId));
});
afterAll(() => world.end());
beforeEach(async () => {
  team = await newTeam(world);
  rep = team.repClients[0] as Client;
  told = [];
});

const SERVER = { name: 'Ours', host: '127.0.0.1', port: 2525, security: 'none' };
const LIMITS = {
  ...{ connections: 3, per_second: 2, per_minute: 30, per_domain_per_minute: 10, per_day: 2000 },
  ...{ batch_size: 25, batch_wait_seconds: 45, gap_min_ms: 500, gap_max_ms: 2500 },
};
const NONE = {
  ...{ connections: 5, per_second: null, per_minute: null, per_domain_per_minute: null, per_day: null },
  ...{ batch_size: null, batch_wait_seconds: null, gap_min_ms: null, gap_max_ms: null },
};

async function channel(client: Client, fields: object = {}): Promise<ChannelView> {
  const answer = await client.send<ChannelView>('post', '/v1/channels', { ...SERVER, ...fields });
  expect(answer.status).toBe(201);
  return answer.body;
}

function edit<T = ChannelView>(client: Client, { id, version }: ChannelView, body: object): Promise<Answer<T>> {
  return client.send<T>('patch', `/v1/channels/${id}`, body, { 'If-Match': `"v${version}"` });
}

async function turn(client: Client, { id }: ChannelView, verb: 'pause' | 'resume'): Promise<ChannelView> {
  const answer = await client.send<ChannelView>('post', `/v1/channels/${id}/${verb}`);
  expect(answer.status).toBe(200);
  return answer.body;
}

async function audited(): Promise<{ action: string; details: object }[]> {
  return (await team.adminClient.get<{ data: { action: string; details: object }[] }>('/v1/audit')).data;
}

describe('the limits of a channel', () => {
  test('are none but five connections, until somebody sets them', async () => {
    const made = await channel(rep);
    expect(made).toMatchObject({ ...NONE, return_path_domain: null, state: 'ready', waiting: null, trouble: null });
    const limited = await edit(rep, made, { ...LIMITS, return_path_domain: 'Bounces.Example.com' });
    expect(limited.body).toMatchObject({ ...LIMITS, return_path_domain: 'bounces.example.com', version: 2 });
    expect((await edit(rep, limited.body, { name: 'Renamed' })).body).toMatchObject(LIMITS);
    const back = { ...NONE, return_path_domain: null };
    expect((await edit(rep, { ...made, version: 3 }, back)).body).toMatchObject(back);
    expect(told).toEqual([made.id, made.id, made.id]);
  });

  test('can be given when it is made', async () => {
    const made = await channel(rep, LIMITS);
    expect(await rep.get(`/v1/channels/${made.id}`)).toMatchObject(LIMITS);
  });

  test.each([
    [{ connections: 0 }, 'connections'],
    [{ connections: null }, 'connections'],
    [{ connections: 21 }, 'connections'],
    [{ per_second: 0 }, 'per_second'],
    [{ per_minute: 1.5 }, 'per_minute'],
    [{ per_day: 100_001 }, 'per_day'],
    [{ batch_size: 25 }, 'batch_wait_seconds'],
    [{ batch_wait_seconds: 45 }, 'batch_wait_seconds'],
    [{ gap_min_ms: 5 }, 'gap_max_ms'],
    [{ gap_min_ms: 5, gap_max_ms: 4 }, 'gap_max_ms'],
    [{ return_path_domain: 'not a domain' }, 'return_path_domain'],
  ])('%j is refused', async (fields, field) => {
    const refused = await rep.refusal('post', '/v1/channels', { ...SERVER, ...fields });
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ field }] } });
    const patched = await edit<ProblemBody>(rep, await channel(rep), fields);
    expect(patched).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  });

  test('that an admin changes for others are in the audit log, before and after', async () => {
    const made = await channel(team.adminClient, { team: true });
    await edit(team.adminClient, made, { per_day: 2000, gap_min_ms: 1, gap_max_ms: 2 });
    expect((await audited())[0]).toMatchObject({
      action: 'channel.updated',
      details: { per_day: { from: null, to: 2000 }, gap_max_ms: { from: null, to: 2 } },
    });
  });
});

describe('a channel that is paused', () => {
  test('says so until it is resumed, and tells whoever sends', async () => {
    const made = await channel(rep);
    const paused = await turn(rep, made, 'pause');
    expect(paused).toMatchObject({ state: 'paused', version: 2 });
    expect(await turn(rep, made, 'pause')).toMatchObject({ state: 'paused', version: 2 });
    expect(told).toEqual([]);
    expect(await turn(rep, made, 'resume')).toMatchObject({ state: 'ready', version: 3 });
    expect(await turn(rep, made, 'resume')).toMatchObject({ state: 'ready', version: 3 });
    expect(told).toEqual([made.id, made.id]);
    expect((await edit<ProblemBody>(rep, made, { name: 'Stale' })).status).toBe(412);
  });

  test('stays paused when it is changed', async () => {
    const made = await channel(rep);
    const paused = await turn(rep, made, 'pause');
    expect((await edit(rep, paused, { per_day: 5 })).body).toMatchObject({ state: 'paused' });
  });

  test('is the owner’s to pause, or an admin’s, whose doing is in the audit log', async () => {
    const shared = await channel(team.adminClient, { team: true });
    const own = await channel(rep);
    expect((await rep.refusal('post', `/v1/channels/${shared.id}/pause`)).status).toBe(403);
    expect((await rep.refusal('post', `/v1/channels/${shared.id}/resume`)).status).toBe(403);
    expect((await (team.repClients[1] as Client).refusal('post', `/v1/channels/${own.id}/pause`)).status).toBe(404);
    await turn(rep, own, 'pause');
    expect(await turn(team.adminClient, own, 'resume')).toMatchObject({ state: 'ready' });
    await turn(team.adminClient, shared, 'pause');
    const actions = (await audited()).map(({ action }) => action);
    expect(actions.slice(0, 3)).toEqual(['channel.paused', 'channel.resumed', 'channel.created']);
  });
});

test('emails that name no channel go by the only own one, else by the team’s first', async () => {
  const chosen = () =>
    world.app.app
      .get(ChannelsRepository)
      .defaultFor(world.app.app.get(Transactions), team.teamId, team.reps[0]?.userId ?? '');
  expect(await chosen()).toBeNull();
  const shared = await channel(team.adminClient, { team: true });
  await channel(team.adminClient, { team: true });
  expect(await chosen()).toBe(shared.id);
  const own = await channel(rep);
  expect(await chosen()).toBe(own.id);
  const second = await channel(rep);
  expect(await chosen()).toBe(shared.id);
  expect((await rep.send('delete', `/v1/channels/${second.id}`)).status).toBe(204);
  expect(await chosen()).toBe(own.id);
});
