import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createReadStream, createWriteStream, mkdtempSync, rmSync, truncateSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { DataSource } from 'typeorm';
import { backUp } from '../../../src/platform/backup/backup.js';
import { restore } from '../../../src/platform/backup/restore.js';
import { dataSourceOptions } from '../../../src/platform/database/data-source-options.js';
import { AFTER_RESTORE } from '../../../src/salesforce/org-loop/after-restore.js';
import { bearer, createTestApp } from '../../support/app.js';
import { createEmptyDatabase, createTestDatabase } from '../../support/database.js';
import { SyncWorld } from '../../support/sync-world.js';

describe('a backup and its restore', () => {
  const folder = mkdtempSync(join(tmpdir(), 'command-center-backup-'));
  const file = join(folder, 'yesterday.backup');
  let world: SyncWorld;

  beforeAll(async () => {
    world = await SyncWorld.create({ reps: 2, tasks: 6 });
    await world.enrol();
    await world.sync();
  });
  afterAll(async () => {
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The database is lost; a new one of the same name is made from the backup, and the service starts on it. */
  async function loseAndRestore(): Promise<void> {
    await world.test.close();
    await world.database.drop();
    const database = await createTestDatabase();
    await restore(database.url, createReadStream(file), AFTER_RESTORE);
    const env = { SALESFORCE_LOGIN_HOSTS: world.org.url, SALESFORCE_RECONCILE_DAYS: '0' };
    const test = await createTestApp({ database, clock: world.clock, env });
    Object.assign(world, { database, test });
  }

  it('brings both sides into step again, with nothing doubled in Salesforce', async () => {
    const pushed = await world.createHere({ name: 'in step' });
    await world.sync();
    const unsent = await world.createHere({ name: 'not yet sent when the backup was taken' });
    const odd = 'tab\there, "quotes", back\\slash, \\. and\nlines, naïve ☎';
    const strange = await world.createHere({ name: 'strange', details: odd });
    const { rows } = await backUp(world.database.url, createWriteStream(file));
    expect(rows).toMatchObject({ tasks: expect.any(Number), task_links: expect.any(Number), users: 3 });

    // What happens between the backup and the loss.
    await world.sync();
    const lost = await world.createHere({ name: 'made here after the backup' });
    await world.editHere(pushed.id, { name: 'edited here after the backup' });
    await world.sync();
    const there = await world.createThere({ Subject: 'made there after the backup' });
    const { Id: editedThere } = await world.thereOf(strange.id);
    await world.editThere(editedThere, { Subject: 'edited there after the backup' });
    await world.sync();
    const sent = await world.thereOf(lost.id);
    const gone = (await world.allThere()).find(({ Subject }) => Subject === 'not yet sent when the backup was taken');
    expect(gone).toBeDefined();
    const before = await world.allThere();

    await loseAndRestore();
    // Nothing moves before an admin has looked.
    await world.sync();
    expect((await world.here(pushed.id)).name).toBe('in step');
    await world.call('POST', '/v1/salesforce/connection/resume');
    await world.sync();
    await world.sync();

    expect((await world.here(pushed.id)).name).toBe('edited here after the backup');
    expect((await world.thereOf(unsent.id)).Id).toBe(gone?.Id);
    expect(await world.here(strange.id)).toMatchObject({ name: 'edited there after the backup', details: odd });
    expect((await world.hereOf(there)).name).toBe('made there after the backup');
    // The task itself is lost, its record is not: it comes back as what Salesforce has, once.
    expect((await world.hereOf(sent.Id)).name).toBe('made here after the backup');
    expect(await world.linkedTo(sent.Id)).toHaveLength(1);
    await world.test.http.get(`/v1/tasks/${lost.id}`).set(bearer(world.team.admin.key)).expect(404);

    const after = await world.allThere();
    expect(after.map(({ Id }) => Id)).toEqual(before.map(({ Id }) => Id));
    expect(after).toEqual(before);
    expect(await world.quietCycle()).toMatchObject({ writes: 0 });
  });

  it('refuses what does not fit, and then leaves nothing behind', async () => {
    const full = world.database;
    await expect(restore(full.url, createReadStream(file), [])).rejects.toThrow('not empty');
    const bare = await createEmptyDatabase();
    await expect(restore(bare.url, createReadStream(file), [])).rejects.toThrow('with the version that made it');
    await bare.drop();

    const empty = await createTestDatabase();
    const half = join(folder, 'half.backup');
    await backUp(full.url, createWriteStream(half));
    truncateSync(half, Math.floor(statSync(half).size * 0.9));
    await expect(restore(empty.url, createReadStream(half), [])).rejects.toThrow();
    await expect(restore(empty.url, Readable.from([Buffer.from('no backup')]), [])).rejects.toThrow();
    const dataSource = await new DataSource(dataSourceOptions(empty.url, 1)).initialize();
    expect(await dataSource.query('SELECT 1 FROM teams')).toEqual([]);
    await dataSource.destroy();
    await empty.drop();
  });
});
