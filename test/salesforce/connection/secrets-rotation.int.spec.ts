import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SealedColumns } from '../../../src/platform/secrets/sealed-columns.js';
import { createTestApp } from '../../support/app.js';
import { SyncWorld } from '../../support/sync-world.js';

describe('a new encryption key', () => {
  let world: SyncWorld;
  const keyOf = (fill: number) => Buffer.alloc(32, fill).toString('base64');
  const envWith = (keys: string) => ({ ENCRYPTION_KEYS: keys, SALESFORCE_LOGIN_HOSTS: world.org.url });

  beforeAll(async () => {
    world = await SyncWorld.create({ reps: 1, tasks: 1 });
    await world.enrol();
  });
  afterAll(() => world.close());

  it('seals every stored secret anew, once, and then the old key is not needed any more', async () => {
    const { database, clock } = world;
    await world.test.close();
    const both = await createTestApp({ database, clock, env: envWith(`new:${keyOf(9)},test:${keyOf(7)}`) });
    expect(await both.app.get(SealedColumns).rotate()).toBe(1);
    expect(await both.app.get(SealedColumns).rotate()).toBe(0);
    await both.close();

    const test = await createTestApp({ database, clock, env: envWith(`new:${keyOf(9)}`) });
    Object.assign(world, { test });
    await world.sync();
    const task = await world.createHere({ name: 'with the new key' });
    await world.sync();
    expect((await world.thereOf(task.id)).Subject).toBe('with the new key');
  });
});
