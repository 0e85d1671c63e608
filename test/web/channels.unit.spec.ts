import { describe, expect, it } from '@jest/globals';
import type { Schemas } from '../../src/web/api/client';
import { bodyOf, draftOf, withPreset } from '../../src/web/settings/channel-draft';
import { stateWords } from '../../src/web/settings/channel-words';

type Channel = Schemas['ChannelView'];

const NOW = new Date('2026-11-25T12:00:00Z');

function channel(fields: Partial<Channel> = {}): Channel {
  return {
    ...{ id: 'a', name: 'Ours', owner: null, host: 'smtp.example.com', port: 465, security: 'tls', username: 'ann' },
    ...{
      has_password: true,
      provider: null,
      return_path_domain: null,
      connections: 5,
      per_second: 2,
      per_minute: 30,
      per_day: 2000,
    },
    ...{ per_domain_per_minute: null, batch_size: 25, batch_wait_seconds: 45, gap_min_ms: 500, gap_max_ms: 2500 },
    ...{ state: 'ready', waiting: null, trouble: null, version: 1, created_at: '', updated_at: '' },
    ...fields,
  };
}

describe('how it stands with a channel, in words', () => {
  const words = (fields: Partial<Channel>) => stateWords(channel(fields), NOW, 'Europe/Berlin');
  const waits = (reason: Schemas['ChannelWaiting']['for'], until: string, trouble: string | null = null) =>
    words({ state: 'waiting', waiting: { for: reason, until }, trouble });

  it.each([
    ['per_day', '2026-11-25T13:05:00Z', 'Waits until 14:05: 2,000 in 24 hours are sent'],
    ['per_day', '2026-11-26T13:05:00Z', 'Waits until 26 Nov, 14:05: 2,000 in 24 hours are sent'],
    ['per_minute', '2026-11-25T12:00:30Z', 'Waits until 13:00:30: 30 in a minute are sent'],
    ['per_second', '2026-11-25T12:00:01Z', 'Waits until 13:00:01: 2 in a second are sent'],
    ['batch', '2026-11-25T12:00:45Z', 'Waits until 13:00:45: a batch of 25 is sent'],
    ['gap', '2026-11-25T12:00:02Z', 'Waits until 13:00:02: the pause after an email'],
  ] as const)('%s until %s', (reason, until, expected) => {
    expect(waits(reason, until)).toBe(expected);
  });

  it('says what the server said', () => {
    expect(waits('server', '2026-11-25T12:14:00Z', '421 busy')).toBe('Tries again at 13:14: 421 busy');
    expect(waits('server', '2026-11-25T11:59:00Z', '421 busy')).toBe('Tries again now: 421 busy');
    expect(words({ state: 'stopped', trouble: '535 bad' })).toBe('Stopped: 535 bad');
  });

  it('says that it is paused, or ready again when the wait is over', () => {
    expect(words({ state: 'paused', trouble: '421 busy' })).toBe('Paused: what is due waits.');
    expect(waits('per_day', '2026-11-25T12:00:00Z')).toBe('Ready');
    expect(words({})).toBe('Ready');
  });
});

describe('the form of a channel', () => {
  it('changes nothing by itself', () => {
    const { name, host, port, security, username, ...shown } = channel();
    const { connections, per_second, per_minute, per_domain_per_minute, per_day } = shown;
    const { batch_size, batch_wait_seconds, gap_min_ms, gap_max_ms } = shown;
    expect(bodyOf(draftOf(channel()))).toEqual({
      ...{ name, host, port, security, username, connections, per_second, per_minute, per_domain_per_minute, per_day },
      ...{ batch_size, batch_wait_seconds, gap_min_ms, gap_max_ms },
    });
  });

  it('takes limits away, gaps in seconds, and the password with the log-in', () => {
    const draft = { ...draftOf(channel()), per_day: ' ', gap_min_ms: '0.25', gap_max_ms: '3', username: '' };
    expect(bodyOf(draft)).toMatchObject({
      ...{ per_day: null, gap_min_ms: 250, gap_max_ms: 3000, username: null, password: null },
    });
    expect(bodyOf({ ...draftOf(channel()), password: 'new' })).toMatchObject({ username: 'ann', password: 'new' });
  });

  it('is filled by a provider’s server and limits', () => {
    const blank = { ...draftOf(undefined), username: 'ann@example.com' };
    expect(bodyOf(withPreset(blank, 'gmail'))).toMatchObject({
      ...{ name: 'Gmail', host: 'smtp.gmail.com', port: 587, security: 'starttls', per_day: 2000, per_minute: null },
    });
    expect(bodyOf(withPreset(withPreset(blank, 'microsoft'), 'gmail'))).toMatchObject({
      ...{ name: 'Gmail', connections: 5, per_minute: null },
    });
    expect(bodyOf(withPreset({ ...blank, name: 'Work' }, 'microsoft'))).toMatchObject({
      ...{ name: 'Work', host: 'smtp.office365.com', username: 'ann@example.com' },
      ...{ connections: 3, per_minute: 30, per_day: 10_000 },
    });
  });
});
