import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTransport } from 'nodemailer';
import { CALM } from '../../../src/sandbox/mail-world/control.js';
import { TestMailWorld } from '../../support/mail-world.js';
import { until } from '../../support/until.js';
import { outcomeOf } from './mail-client.js';

let world: TestMailWorld;

beforeAll(async () => {
  world = await TestMailWorld.start();
});
afterAll(() => world.stop());
beforeEach(() => world.clear());
afterEach(() => world.control({}));

const send = (mail: object = {}) => outcomeOf(world.smtpUrl, mail);
const sendMany = (count: number) =>
  Promise.all(Array.from({ length: count }, (_, n) => send({ to: `p${n}@customer.example`, subject: `Email ${n}` })));
const put = (body: string) => fetch(`${world.url}/control`, { method: 'PUT', body });

describe('the control of the mail world', () => {
  it('is at rest until it is set, and again when it is emptied', async () => {
    expect(await world.state()).toMatchObject(CALM);
    expect(await world.control({ refuseForNow: 1 })).toMatchObject({ ...CALM, refuseForNow: 1 });
    expect(await send()).toBe('451 4.3.2');
    expect((await world.state()).struck.refuseForNow).toBe(1);
    await world.control({});
    expect(await send()).toBe('taken');
    expect((await world.state()).struck.refuseForNow).toBe(0);
  });

  it('is told of on the page', async () => {
    await world.control({ dropAfterData: 0.5 });
    expect(await (await fetch(world.url)).text()).toContain('<b>Faults on command</b>: dropAfterData 0.5');
  });

  it('refuses what it does not know, and stays as it was', async () => {
    await world.control({ refuseForGood: 1 });
    for (const body of ['{"drop":1}', '{"refuseForNow":2}', '[]', 'null', '', '{']) {
      expect((await put(body)).status).toBe(400);
    }
    expect((await put(`{"seed":${'1'.repeat(70_000)}}`)).status).toBe(413);
    expect(await send()).toBe('554 5.7.1');
  });

  it('cuts after the message is kept: the sender cannot know that it arrived', async () => {
    await world.control({ dropAfterData: 1 });
    expect(await send()).toMatch(/^E(?:CONNECTION|SOCKET|STREAM)$/);
    expect(await world.messages()).toHaveLength(1);
  });

  it('cuts in the message, and before it: nothing is kept', async () => {
    for (const fault of ['dropInData', 'dropBeforeData'] as const) {
      await world.control({ [fault]: 1 });
      expect(await send()).toMatch(/^E(?:CONNECTION|SOCKET|STREAM)$/);
      expect((await world.state()).struck[fault]).toBe(1);
    }
    expect(await world.messages()).toEqual([]);
  });

  it('refuses log-ins, and lives with those that come without one', async () => {
    await world.control({ authRefused: true });
    const url = world.smtpUrl.replace('smtp://', 'smtp://ann:secret@');
    expect(await outcomeOf(url, {})).toBe('535 5.7.8');
    expect(await send()).toBe('taken');
    await world.control({});
    expect(await outcomeOf(url, {})).toBe('taken');
  });

  it('takes no more connections than it may', async () => {
    await world.control({ maxConnections: 1 });
    const first = connect(world.smtpPort, '127.0.0.1');
    await new Promise((resolve) => first.once('data', resolve));
    expect(await send()).toBe('421 4.7.0');
    first.destroy();
    await until(async () => (await send()) === 'taken');
  });

  it('refuses connections', async () => {
    await world.control({ refuseConnection: 1 });
    expect(await send()).toBe('421 4.3.2');
  });

  it('makes a sender wait who then gives up: the message is not there', async () => {
    await world.control({ latencyMs: 600_000 });
    const transport = createTransport({ host: '127.0.0.1', port: world.smtpPort, greetingTimeout: 30 });
    const sending = transport.sendMail({ from: 'ann@acme.example', to: 'bob@customer.example', text: 'Hi' });
    await expect(sending).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    expect(await world.messages()).toEqual([]);
  });

  it('has the same emails fail again with the same seed', async () => {
    const outcomes: string[][] = [];
    for (const seed of [3, 3, 4]) {
      await world.control({ seed, refuseForNow: 0.3, dropAfterData: 0.3 });
      outcomes.push(await sendMany(40));
    }
    const [first, again, other] = outcomes;
    expect(new Set(first)).toContain('taken');
    expect(new Set(first)).toContain('451 4.3.2');
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });
});
