import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTask, getTask, startTestOrg } from './support.js';
import type { TestOrg } from './support.js';

describe('users that an admin hires', () => {
  let org: TestOrg;
  beforeAll(async () => {
    org = await startTestOrg();
  });
  afterAll(() => org.stop());

  const hire = (count: unknown) => org.control<{ ids: string[] }>('POST', 'users', { count });

  it('are active standard users, as many as asked for, whom queries find and tasks can belong to', async () => {
    const conn = await org.connect();
    const { ids } = await hire(120);
    const { records } = await conn.query<{ Id: string; Username: string; Email: string }>(
      `SELECT Id, Username, Email FROM User WHERE IsActive = true AND UserType = 'Standard' AND Name LIKE 'Rep No.%' ORDER BY Id`,
    );
    expect(records.map((user) => user.Id)).toEqual(ids);
    expect(new Set(records.map((user) => user.Username)).size).toBe(120);
    const task = await createTask(conn, { Subject: 'theirs', OwnerId: ids[119] });
    expect(await getTask(conn, task)).toMatchObject({ OwnerId: ids[119] });
    const { ids: more } = await hire(1);
    expect(ids).not.toContain(more[0]);
  });

  it('are a whole number of people', async () => {
    for (const count of [0, 1.5, -3, 10_001]) await expect(hire(count)).rejects.toThrow(/from 1 to 10,000/);
  });
});
