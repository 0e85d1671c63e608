import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Dispatch } from '../../../src/mail/dispatch/dispatch.js';
import { nextSlot } from '../../../src/command-center/emails/outgoing/late.js';
import { until } from '../../support/until.js';
import { DispatchWorld } from './dispatch-world.js';

let base: DispatchWorld;
let world: DispatchWorld;

beforeAll(async () => {
  base = await DispatchWorld.create();
});
afterAll(() => base.end());

beforeEach(async () => {
  base.world.clock.set('2026-03-04T10:00:00Z');
  world = await base.another();
});
afterEach(async () => {
  await base.mail.control({});
  await base.mail.clear();
});

const minutes = (count: number) => base.world.clock.advance(count * 60_000);
const sent = async () => (await world.rep.counts()).delivered ?? 0;
const waiting = async () => (await world.rep.folder('scheduled'))[0]?.waiting ?? null;

async function batch(count: number, domain = 'example.com'): Promise<void> {
  const ids: string[] = [];
  for (let n = 0; n < count; n++) ids.push((await world.person(`l${n}-${Math.random()}@${domain}`)).id);
  await world.rep.batch({ kind: 'select', person_ids: ids });
}

describe('a channel sends no more than it may', () => {
  test('a batch, then a rest; what waits says until when', async () => {
    await world.channel('batch_size = 3, batch_wait_seconds = 45');
    await batch(7);
    await world.run();
    expect(await sent()).toBe(3);
    expect(await waiting()).toMatchObject({ for: 'batch', until: '2026-03-04T10:00:45.000Z' });
    base.world.clock.set('2026-03-04T10:00:44.999Z');
    await world.run();
    expect(await sent()).toBe(3);
    base.world.clock.set('2026-03-04T10:00:45Z');
    await world.run();
    expect(await sent()).toBe(6);
    minutes(1);
    await world.run();
    expect(await sent()).toBe(7);
  });

  test('failure case 6: a day’s limit holds over a restart in its middle, in any 24 hours', async () => {
    await world.channel('per_day = 4');
    await batch(2);
    await world.run();
    minutes(600);
    await batch(5);
    // Nothing is kept in the process: another one that begins now counts the same.
    await world.sql('DELETE FROM lanes');
    await world.run();
    expect(await sent()).toBe(4);
    expect(await waiting()).toMatchObject({ for: 'per_day', until: '2026-03-05T10:00:00.000Z' });
    base.world.clock.set('2026-03-05T10:00:00Z');
    await world.run();
    expect(await sent()).toBe(6);
    base.world.clock.set('2026-03-05T20:00:00Z');
    await world.run();
    expect(await sent()).toBe(7);
  });

  test('failure case 10: a gap is drawn once, and no look moves it', async () => {
    await world.channel('gap_min_ms = 60000, gap_max_ms = 120000');
    await batch(2);
    await world.run();
    const first = await waiting();
    expect(first?.for).toBe('gap');
    for (let look = 0; look < 5; look++) {
      await world.run();
      expect(await waiting()).toEqual(first);
    }
    expect(await sent()).toBe(1);
    base.world.clock.set(new Date(first!.until!));
    await world.run();
    expect(await sent()).toBe(2);
  });

  test('only so many to one domain; others are not held up by that', async () => {
    await world.channel('per_domain_per_minute = 2');
    await batch(4, 'full-domain.example');
    await batch(3, 'other.example');
    await world.run();
    // Three in all to the other, two a minute.
    expect(await sent()).toBe(4);
    minutes(1);
    await world.run();
    expect(await sent()).toBe(7);
  });
});

test('failure case 5: paused at once during a rate wait; resumed, it sends the rest, and the count adds up', async () => {
  const channel = `/v1/channels/${world.sender.channelId}`;
  await world.channel('per_minute = 2');
  await batch(6);
  await world.run();
  expect(await sent()).toBe(2);
  expect((await world.rep.client.send('post', `${channel}/pause`)).status).toBe(200);
  minutes(5);
  await world.run();
  expect(await sent()).toBe(2);
  expect(await waiting()).toMatchObject({ for: 'channel_paused', until: null });
  await world.rep.client.send('post', `${channel}/resume`);
  for (let minute = 0; minute < 2; minute++) {
    await world.run();
    minutes(1);
  }
  expect(await sent()).toBe(6);
  const { deliveries, mailboxes, byMessageId } = await world.mail.copies();
  expect({ deliveries, mailboxes, doubles: byMessageId.count }).toEqual({ deliveries: 6, mailboxes: 6, doubles: 0 });
});

test('paused while it sends: what is on its way is finished, what was claimed waits, and nothing hangs between', async () => {
  await world.channel('connections = 1');
  await batch(6);
  await base.mail.control({ latencyMs: 100 });
  const going = world.run();
  await until(async () => (await sent()) > 0);
  await world.rep.client.send('post', `/v1/channels/${world.sender.channelId}/pause`);
  const atPause = await sent();
  await going;
  const counts = await world.rep.counts();
  expect(counts.delivered).toBeLessThanOrEqual(atPause + 1);
  expect(counts).toEqual({ delivered: counts.delivered, scheduled: 6 - (counts.delivered ?? 0) });
  await world.rep.client.send('post', `/v1/channels/${world.sender.channelId}/resume`);
  await world.run();
  expect(await world.rep.counts()).toEqual({ delivered: 6 });
  expect(await world.mail.copies()).toMatchObject({ deliveries: 6, mailboxes: 6 });
});

test('failure case 7: with much due in one channel, a little in fifty others does not wait for it', async () => {
  const many = world;
  await batch(150);
  const lanes = new Set<string>();
  for (let n = 0; n < 50; n++) {
    const other = await base.another();
    await other.write(`fair${n}@example.com`);
    lanes.add(other.sender.channelId);
  }
  const due = await base.world.app.app.get(Dispatch).dueLanes(base.world.clock.now(), 1_000);
  expect(due.filter((lane) => lanes.has(lane) || lane === many.sender.channelId)).toHaveLength(51);
  // Each lane is worked on by itself, sixteen at once in a process.
  const [busy, ...others] = [many.sender.channelId, ...lanes];
  const going = world.run(busy);
  await Promise.all(others.map((lane) => world.run(lane)));
  await going;
  const { deliveries } = await world.mail.copies();
  expect(deliveries).toBe(200);
});

describe('failure case 8: nobody was there when its time came', () => {
  const later = { schedule: { date: '2026-03-04', time: '12:00', time_zone: 'Europe/Berlin' } };

  test('it leaves late, when it is not much too late', async () => {
    const email = await world.write('grace@example.com', later);
    base.world.clock.set('2026-03-04T22:59:00Z');
    await world.run();
    expect(await world.stateOf(email.id)).toBe('delivered');
  });

  test('else at the same time of the next day, and says so', async () => {
    await world.write('first@example.com');
    await world.run();
    const email = await world.write('grace@example.com', later);
    base.world.clock.set('2026-03-05T02:00:00Z');
    await world.run();
    const moved = await world.rep.get(email.id);
    expect(moved).toMatchObject({ state: 'scheduled', send_at: '2026-03-04T11:00:00.000Z' });
    expect(moved.waiting).toMatchObject({ for: 'late', until: '2026-03-05T11:00:00.000Z' });
    base.world.clock.set('2026-03-05T11:00:00Z');
    await world.run();
    expect(await world.stateOf(email.id)).toBe('delivered');
  });

  test('what waited for a limit, or for somebody to resume its channel, is not late', async () => {
    await world.channel('per_day = 1');
    await world.write('first@example.com');
    await world.run();
    const limited = await world.write('grace@example.com');
    await world.run();
    base.world.clock.set('2026-03-05T10:00:00Z');
    await world.run();
    expect(await world.stateOf(limited.id)).toBe('delivered');
    const channel = `/v1/channels/${world.sender.channelId}`;
    await world.rep.client.send('post', `${channel}/pause`);
    const paused = await world.write('alan@example.com');
    base.world.clock.set('2026-03-07T10:00:00Z');
    await world.rep.client.send('post', `${channel}/resume`);
    await world.run();
    expect(await world.stateOf(paused.id)).toBe('delivered');
  });

  test('the slot is the first on which that time is still to come, by the clock of its zone', () => {
    const slot = (due: string, zone: string, now: string) => nextSlot(new Date(due), zone, new Date(now)).toISOString();
    expect(slot('2026-03-04T11:00:00Z', 'Europe/Berlin', '2026-03-05T02:00:00Z')).toBe('2026-03-05T11:00:00.000Z');
    expect(slot('2026-03-04T11:00:00Z', 'Europe/Berlin', '2026-03-05T12:00:00Z')).toBe('2026-03-06T11:00:00.000Z');
    expect(slot('2026-03-28T11:00:00Z', 'Europe/Berlin', '2026-03-29T02:00:00Z')).toBe('2026-03-29T10:00:00.000Z');
  });
});
