import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Rep, SyncWorld } from '../../support/sync-world.js';
import { CLIENT } from './log-in.js';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

let world: SyncWorld;
let rep: Rep;

beforeAll(async () => {
  const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  world = await SyncWorld.create({ reps: 1, env: { ...CLIENT, SALESFORCE_JWT_PRIVATE_KEY: pem } });
  rep = world.reps[0]!;
  await world.control('POST', 'jwt', { publicKey: String(publicKey.export({ type: 'spki', format: 'pem' })) });
  const { rows } = await world.org.pool.query<{ username: string }>('SELECT username FROM sf_user WHERE id = $1', [
    world.integrationUserId,
  ]);
  const body = { username: rows[0]?.username, login_url: world.org.url };
  await world.call('POST', '/v1/salesforce/connection/jwt', body);
  await world.enrol();
});
afterAll(() => world.close());

describe('a team that is connected by a key', () => {
  it('syncs both ways, over the end of its session, and brings back what was deleted', async () => {
    const task = await world.createHere({ name: 'by key' }, rep);
    await world.sync();
    const { Id } = await world.thereOf(task.id);
    await world.control('DELETE', 'sessions');
    await world.editThere(Id, { Subject: 'edited there' }, rep);
    await world.sync();
    expect(await world.here(task.id)).toMatchObject({ name: 'edited there' });
    await world.deleteHere(task.id, rep);
    await world.sync();
    expect(await world.there(Id)).toMatchObject({ IsDeleted: true });
    await world.act(task.id, 'restore');
    await world.sync();
    expect(await world.there(Id)).toMatchObject({ IsDeleted: false });
    expect((await world.quietCycle()).writes).toBe(0);
  });
});
