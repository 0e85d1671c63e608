import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { hiddenFields } from '../../../src/sandbox/start/connect-salesforce.js';
import { DataFolder } from '../../../src/sandbox/start/data-folder.js';
import { firstSyncTable } from '../../../src/sandbox/start/first-sync.js';
import { lockFolder } from '../../../src/sandbox/start/lock.js';
import { parseOptions } from '../../../src/sandbox/start/options.js';
import { ProgressBar } from '../../../src/sandbox/start/progress-bar.js';
import type { RunView } from '../../../src/sandbox/start/sync-api.js';
import { Terminal } from '../../../src/sandbox/start/terminal.js';
import { lineOf } from '../../../src/sandbox/start/watch.js';

const run = (changes: Partial<RunView>): RunView => ({
  id: 'r1',
  kind: 'pull',
  status: 'done',
  total: null,
  done: 0,
  counts: {},
  api_calls: 0,
  error: null,
  started_at: '2026-03-10T12:00:00Z',
  finished_at: '2026-03-10T12:00:02Z',
  ...changes,
});

describe('options', () => {
  it('have defaults, and take numbers', () => {
    expect(parseOptions([])).toEqual({ once: false, tasks: 5000, reset: false });
    expect(parseOptions(['--once', '--tasks', '300', '--port', '8080'])).toMatchObject({
      once: true,
      tasks: 300,
      port: 8080,
    });
  });

  it('are refused with a sentence', () => {
    expect(() => parseOptions(['--tasks', 'many'])).toThrow(/whole number/);
    expect(() => parseOptions(['--port', '70000'])).toThrow(/1 to 65535/);
    expect(() => parseOptions(['sync'])).toThrow(/too many arguments/);
  });
});

describe('the data folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'command-center-pieces-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('makes its secrets once, for the owner’s eyes only', () => {
    const first = new DataFolder(folder).secrets();
    expect(new DataFolder(folder).secrets()).toEqual(first);
    expect(Buffer.from(first.encryptionKeys.split(':')[1] ?? '', 'base64')).toHaveLength(32);
    expect(statSync(join(folder, 'secrets.json')).mode & 0o777).toBe(0o600);
  });

  it('says what to do about a file that it cannot read', () => {
    writeFileSync(join(folder, 'state.json'), '{');
    expect(() => new DataFolder(folder).state()).toThrow(/--reset/);
    // … which then must get by without it.
    expect(new DataFolder(folder).processesIfKnown()).toEqual([]);
  });

  it('is locked for one start; a lock that a dead one left behind is taken over', () => {
    writeFileSync(join(folder, 'lock'), '2147483646\n');
    const lock = lockFolder(folder);
    expect(existsSync(join(folder, 'lock'))).toBe(true);
    lock.release();
    expect(existsSync(join(folder, 'lock'))).toBe(false);
  });
});

describe('the terminal', () => {
  function terminal(lively: boolean) {
    let text = '';
    const screen = { isTTY: lively, columns: 100, write: (part: string) => (text += part) };
    return { terminal: new Terminal(screen, lively), text: () => text };
  }

  it('writes plain lines, without colours or lines in motion, into a file', () => {
    const plain = terminal(false);
    plain.terminal.passingLine('working');
    plain.terminal.done('Redis', 'ready');
    new ProgressBar(plain.terminal).finish(10);
    expect(plain.text()).toMatch(/^✓ Redis {7}ready\n {2}█{32} 100 % {2}10 of 10 tasks {2}[\d,]+\/s\n$/);
  });

  it('draws over a passing line for a person', () => {
    const lively = terminal(true);
    lively.terminal.passingLine('working');
    lively.terminal.done('Redis');
    expect(lively.text()).toBe('working\r\u001b[2K\u001b[32m✓\u001b[0m Redis\n');
  });
});

describe('what is told of runs', () => {
  it('is a line for one that moved something, and nothing for an echo', () => {
    expect(lineOf(run({ counts: { rows: 3, imported: 1, merged: 2 } }))).toBe('← Salesforce  1 new, 2 changed');
    expect(lineOf(run({ kind: 'push', counts: { created: 1, failed: 1 } }))).toMatch(
      /^→ Salesforce {2}1 created, 1 refused/,
    );
    expect(lineOf(run({ counts: { rows: 1, linked: 1 } }))).toBeUndefined();
  });

  it('is a table for the first-time sync', () => {
    const table = firstSyncTable([
      run({ kind: 'first_sync', done: 3000, api_calls: 9, counts: { imported: 2500, skipped_logged_email: 500 } }),
    ]).join('\n');
    expect(table).toMatch(/imported +2,500\n/);
    expect(table).toMatch(/left out: logged emails +500\n/);
    expect(table).toMatch(/tasks per second +1,500/);
  });
});

describe('the log-in page', () => {
  it('is read for its hidden fields', () => {
    const html = '<input type="hidden" name="state" value="a&amp;b&quot;"><input type="radio" name="user" value="005">';
    expect(hiddenFields(html)).toEqual([['state', 'a&b"']]);
  });
});
