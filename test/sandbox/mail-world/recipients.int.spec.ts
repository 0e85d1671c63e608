import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TestMailWorld } from '../../support/mail-world.js';
import { outcomeOf, tell } from './mail-client.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const clock = { ms: Date.parse('2026-11-26T10:00:00Z') };
let world: TestMailWorld;

beforeAll(async () => {
  world = await TestMailWorld.start({}, () => new Date(clock.ms));
});
afterAll(() => world.stop());
beforeEach(async () => {
  await world.control({});
  await world.clear();
});

const send = (to: string, mail: object = {}) => outcomeOf(world.smtpUrl, { to, ...mail });
const page = async (to: string) => (await fetch(`${world.url}/?to=${encodeURIComponent(to)}`)).text();

describe('the simulated recipients over SMTP', () => {
  it('have no such mailbox: refused for good at RCPT, the others of the message get it', async () => {
    expect(await send('bounce1@customer.example')).toBe('550 5.1.1');
    expect(await send('nobody@customer.example')).toBe('550 5.1.1');
    expect(await world.messages()).toEqual([]);
    expect(await send('bounce2@customer.example, bob@customer.example')).toBe('taken');
    expect((await world.messages()).map(({ recipients }) => recipients)).toEqual([['bob@customer.example']]);
  });

  it('say their enhanced code once', async () => {
    const { response } = await tell(world.smtpUrl, { to: 'bounce@customer.example' });
    expect(response).toBe('550 5.1.1 There is no such mailbox');
  });

  it('are full: first for now, then for good, and after a quiet day for now again', async () => {
    const full = 'ann.full@customer.example';
    expect([await send(full), await send(full), await send(full)]).toEqual(['452 4.2.2', '552 5.2.2', '552 5.2.2']);
    clock.ms += DAY_MS + 1;
    expect(await send(full)).toBe('452 4.2.2');
    expect(await world.messages()).toEqual([]);
  });

  it('greylist each sender once', async () => {
    const to = 'greylist+7@customer.example';
    expect([await send(to), await send(to), await send(to)]).toEqual(['451 4.7.1', 'taken', 'taken']);
    expect(await send(to, { from: 'cleo@acme.example' })).toBe('451 4.7.1');
    expect(await world.messages(to)).toHaveLength(2);
  });

  it('want nothing of the message once they have read it', async () => {
    expect(await send('policy@customer.example')).toBe('550 5.7.1');
    expect(await world.messages()).toEqual([]);
  });

  it('are slow: the message is kept before the sender hears of it', async () => {
    await world.control({ slowMs: 600_000 });
    let ended = false;
    const sending = send('slow@customer.example').finally(() => (ended = true));
    while ((await world.messages('slow@customer.example')).length === 0) expect(ended).toBe(false);
    expect(ended).toBe(false);
    // Whoever waits is told when the world closes.
    await world.restart();
    expect(await sending).toBe('421 4.3.2');
    await world.control({ slowMs: 20 });
    expect(await send('slow@customer.example')).toBe('taken');
  });

  it('forget who tried when the mail is forgotten', async () => {
    expect(await send('greylist@customer.example')).toBe('451 4.7.1');
    await world.clear();
    expect(await send('greylist@customer.example')).toBe('451 4.7.1');
  });

  it('are told of on the page of their mailbox', async () => {
    expect(await page('bounce@customer.example')).toContain('There is no such mailbox: 550 5.1.1 at RCPT.</p>');
    expect(await page('bob@customer.example')).not.toContain('There is no such mailbox: 550 5.1.1 at RCPT.</p>');
    for (const word of ['bounce', 'nobody', 'full', 'greylist', 'policy', 'slow']) {
      expect(await page('')).toContain(`<span class="tag">${word}@…</span>`);
    }
  });

  it('refuse an address that no mailbox could have', async () => {
    expect(await send(`${'a'.repeat(60)}@${'b.'.repeat(140)}example`)).toMatch(/^5\d\d|EENVELOPE/);
  });
});
