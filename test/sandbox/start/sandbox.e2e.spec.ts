import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../support/until.js';
import { buildPrograms } from './built.js';
import { living, startProgram, type Started } from './started.js';

const IN_SYNC = 'In sync from now on';

describe('the sandbox, started as a person would', () => {
  let built: Awaited<ReturnType<typeof buildPrograms>>;
  let folder: string;
  const started: Started[] = [];

  const start = (args: readonly string[] = [], env: Record<string, string> = {}) => {
    const one = startProgram(built.start, ['--data-dir', folder, '--tasks', '300', ...args], env);
    started.push(one);
    return one;
  };

  beforeAll(async () => {
    built = await buildPrograms();
    folder = mkdtempSync(join(tmpdir(), 'command-center-sandbox-'));
    chmodSync(folder, 0o711);
  });

  afterAll(async () => {
    for (const { child } of started) child.kill('SIGINT');
    await Promise.all(started.map((one) => one.exitCode()));
    rmSync(folder, { recursive: true, force: true });
    built.remove();
  });

  it('recovers from SIGKILL, in the first sync and after it, and ends on Ctrl-C with 0 and nothing left behind', async () => {
    const first = start();
    await first.told('First-time sync of 10 reps');
    const processes = first.descendants();
    expect(processes.length).toBeGreaterThan(6);
    first.child.kill('SIGKILL');
    await first.exitCode();

    const second = start();
    await second.told(IN_SYNC);
    expect(living(processes)).toEqual([]);
    expect(second.output()).toMatch(/as it was left.* 300 tasks/);
    expect(second.output()).not.toContain('What the first-time sync will do');
    const before = await facts();
    expect(before).toMatchObject({ users: 11, firstSyncs: 1 });
    expect(before.tasks).toBeGreaterThan(100);

    const beside = start();
    expect(await beside.exitCode()).toBe(1);
    expect(beside.output()).toContain('already running');

    const more = second.descendants();
    second.child.kill('SIGKILL');
    await second.exitCode();
    const third = start();
    await third.told(IN_SYNC);
    expect(living(more)).toEqual([]);
    expect(third.output()).toContain('on for 10 reps, as before');
    expect(await facts()).toEqual(before);
    for (const log of readdirSync(join(folder, 'logs'))) {
      expect(readFileSync(join(folder, 'logs', log), 'utf8')).not.toMatch(/cc_[0-9a-z]{12}_[\w-]{20}/);
    }

    expect(await invite(third.output())).toContain('/accept-invitation#');

    const rest = third.descendants();
    third.child.kill('SIGINT');
    expect(await third.exitCode()).toBe(0);
    await until(() => living(rest).length === 0);
  }, 120_000);

  /** Invites somebody, as the terminal says where; answers what their mail says. */
  const invite = async (output: string): Promise<string> => {
    const shown = (name: string) => new RegExp(`${name} +(\\S+)`).exec(output)?.[1] ?? '';
    const key = shown('admin.s key');
    const invited = await fetch(`${new URL(shown('API docs')).origin}/v1/invitations`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ email: 'zoe@example.com', name: 'Zoe' }),
    });
    expect(invited.status).toBe(201);
    const mailbox = `${shown('  Mail {5,}')}mailbox/messages?to=zoe@example.com`;
    let text = '';
    await until(async () => {
      const { messages } = (await (await fetch(mailbox)).json()) as { messages: { text: string }[] };
      text = messages[0]?.text ?? '';
      return text !== '';
    });
    return text;
  };

  it('refuses production, with what to set', async () => {
    const refused = start([], { NODE_ENV: 'production' });
    expect(await refused.exitCode()).toBe(1);
    expect(refused.output()).toContain('Set DATABASE_URL');
  });

  it('refuses options that it does not know', async () => {
    const refused = start(['--onec']);
    expect(await refused.exitCode()).toBe(1);
    expect(refused.output()).toContain("unknown option '--onec'");
  });

  /** What the API says of the team, with the key that the sandbox kept. */
  async function facts(): Promise<{ users: number; tasks: number; firstSyncs: number; port: number }> {
    const secrets = readJson('secrets.json') as { team: { adminKey: string } };
    const { apiPort: port } = readJson('state.json') as { apiPort: number };
    const get = async <T>(path: string): Promise<T> => {
      const headers = { Authorization: `Bearer ${secrets.team.adminKey}` };
      return (await fetch(`http://127.0.0.1:${port}${path}`, { headers })).json() as Promise<T>;
    };
    const users = await get<{ data: unknown[] }>('/v1/users?limit=200');
    const counts = await get<{ all: number }>('/v1/tasks/counts?assignee_id=any');
    const runs = await get<{ data: unknown[] }>('/v1/salesforce/task-sync/runs?kind=first_sync');
    return { users: users.data.length, tasks: counts.all, firstSyncs: runs.data.length, port };
  }

  const readJson = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
});
