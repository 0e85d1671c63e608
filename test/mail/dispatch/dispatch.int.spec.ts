import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { EmailEventPage } from '../../../src/command-center/emails/email-view.dto.js';
import type { OutgoingEmail } from '../../../src/command-center/emails/outgoing/outgoing-email.js';
import { OutgoingOutcomes } from '../../../src/command-center/emails/outgoing/outgoing-outcomes.js';
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

const header = (message: { headers: { name: string; value: string }[] }, name: string) =>
  message.headers.find((one) => one.name.toLowerCase() === name)?.value;

describe('an email that is due', () => {
  test('leaves once, as its person gets it, and is filed as delivered with the server’s words', async () => {
    const email = await world.write('grace@example.com', { cc: ['boss@example.com'], bcc: ['crm@northwind.example'] });
    expect(await world.run()).toBe('idle');
    const [message, ...others] = await world.mail.messages('grace@example.com');
    expect(others).toEqual([]);
    expect(message).toMatchObject({
      subject: 'A question',
      recipients: ['grace@example.com', 'boss@example.com', 'crm@northwind.example'],
      to: expect.stringContaining('Grace Harper'),
    });
    expect(message!.html).toContain('<p>Hello Grace</p>');
    expect(message!.html).toContain('Regards, Rep One');
    expect(message!.text).toContain('Hello Grace');
    const link = /<(http[^>]+\/u\/[\w-]+)>/.exec(header(message!, 'list-unsubscribe') ?? '')?.[1] ?? 'no link';
    expect(message!.html).toContain(link);
    expect(header(message!, 'list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
    expect(JSON.stringify(message!.headers)).not.toContain('crm@northwind.example');
    expect(header(message!, 'precedence')).toBeUndefined();
    const after = await world.rep.get(email.id);
    expect(after).toMatchObject({
      state: 'delivered',
      folder: 'delivered',
      sent_at: '2026-03-04T10:00:00.000Z',
      reason: null,
    });
    expect(after.attempts).toMatchObject([{ outcome: 'accept', message_id: message!.messageId.replace(/[<>]/g, '') }]);
    expect(after.attempts[0]?.response).toMatch(/^250/);
    expect(after.html).toContain('<p>Hello Grace</p>');
    const events = await world.rep.client.get<EmailEventPage>(`/v1/emails/${email.id}/events`);
    expect(events.data.map(({ event }) => event)).toEqual(['accept', 'claim', 'schedule', 'created']);
    expect(await world.rep.counts()).toEqual({ delivered: 1 });
  });

  test('leaves at its time and not before; the lane says when it will', async () => {
    const email = await world.write('grace@example.com', { schedule: { at: '2026-03-04T11:00:00Z' } });
    expect(await world.run()).toBe('idle');
    expect(await world.stateOf(email.id)).toBe('scheduled');
    base.world.clock.set('2026-03-04T11:00:00Z');
    await world.run();
    expect(await world.stateOf(email.id)).toBe('delivered');
  });

  test('of a bulk send is one message for each, and none sees another', async () => {
    const ids = [];
    for (let n = 0; n < 30; n++) ids.push((await world.person(`p${n}@example.com`, { name: `Person ${n}` })).id);
    await world.rep.batch({ kind: 'select', person_ids: ids, subject: 'For {{name}}' });
    await world.run();
    expect(await world.rep.counts()).toEqual({ delivered: 30 });
    const messages = await world.mail.messages();
    expect(messages.map(({ recipients }) => recipients.length)).toEqual(Array(30).fill(1));
    expect(new Set(messages.map(({ subject }) => subject)).size).toBe(30);
    expect(messages.every(({ subject, to }) => to.includes(subject.slice(4)))).toBe(true);
  });

  test('follows in its thread', async () => {
    const first = await world.write('grace@example.com');
    await world.run();
    const follow = async (origin: string) =>
      (
        await world.rep.client.send<{ id: string }>('post', '/v1/emails', {
          reply_to_id: origin,
          body: 'Again',
          schedule: {},
        })
      ).body;
    const second = await follow(first.id);
    await world.run();
    const third = await follow(second.id);
    await world.run();
    const ids: string[] = [];
    for (const id of [first.id, second.id, third.id])
      ids.push(`<${(await world.rep.get(id)).attempts[0]?.message_id}>`);
    const [last] = (await world.mail.messages('grace@example.com')).filter(({ messageId }) => messageId === ids[2]);
    expect(header(last!, 'in-reply-to')).toBe(ids[1]);
    expect(header(last!, 'references')?.split(/\s+/)).toEqual(ids);
    expect(last!.subject).toBe('Re: A question');
  });

  test('has a return path of its own where the channel has a domain for it', async () => {
    await world.channel(`return_path_domain = 'bounces.northwind.example'`);
    const email = await world.write('grace@example.com');
    await world.run();
    const [message] = await world.mail.messages('grace@example.com');
    const attempt = (await world.rep.get(email.id)).attempts[0]?.id.replaceAll('-', '');
    expect(message!.envelopeFrom).toBe(`bounce+${attempt}@bounces.northwind.example`);
  });
});

describe('failure case 11: what comes before it leaves', () => {
  test('an unsubscribe stops it at the last moment', async () => {
    const email = await world.write('grace@example.com', { schedule: { at: '2026-03-04T11:00:00Z' } });
    await world.rep.client.send('post', `/v1/people/${email.person!.id}/unsubscribe`, {});
    base.world.clock.set('2026-03-04T11:00:00Z');
    await world.run();
    expect(await world.rep.get(email.id)).toMatchObject({
      state: 'failed',
      reason: { code: 'unsubscribed' },
      attempts: [],
    });
    expect(await world.mail.messages()).toEqual([]);
  });

  test.each([
    ['person_deleted', 'UPDATE people SET deleted_at = now() WHERE team_id = $1'],
    ['no_address', 'UPDATE people SET email = NULL WHERE team_id = $1'],
    ['sender_left', `UPDATE users SET active = false WHERE team_id = $1 AND role <> 'admin'`],
    ['no_identity', 'UPDATE identities SET verified_at = NULL WHERE team_id = $1'],
    ['no_channel', 'UPDATE delivery_channels SET deleted_at = now() WHERE team_id = $1'],
  ])('it fails with the reason %s', async (reason, sql) => {
    const email = await world.write('grace@example.com');
    await world.sql(sql, [world.team.teamId]);
    await world.run();
    const [row] = await world.sql<{ state: string; reason: string }>('SELECT state, reason FROM emails WHERE id = $1', [
      email.id,
    ]);
    expect(row).toEqual({ state: 'failed', reason });
    expect(await world.mail.messages()).toEqual([]);
  });

  test.each(['unsubscribed', 'blocked_domain'])(
    'a copy to an address that is %s stops it, at any moment',
    async (code) => {
      const other = await world.person('copy@blocked.example');
      const copies = code === 'unsubscribed' ? { cc: ['copy@blocked.example'] } : { bcc: ['copy@blocked.example'] };
      const before = await world.write('grace@example.com', copies);
      expect(before.state).toBe('scheduled');
      if (code === 'unsubscribed') await world.rep.client.send('post', `/v1/people/${other.id}/unsubscribe`, {});
      else await world.team.adminClient.send('put', '/v1/blocked-domains/blocked.example');
      await world.run();
      expect(await world.rep.get(before.id)).toMatchObject({ state: 'failed', reason: { code } });
      expect(await world.write('alan@example.com', copies)).toMatchObject({ state: 'failed', reason: { code } });
      expect(await world.mail.messages()).toEqual([]);
    },
  );

  test('an edit of one that was put off does not send it before its time', async () => {
    const email = await world.write('greylist@example.com');
    await world.run();
    const before = await world.rep.get(email.id);
    expect((await world.rep.edit(before, { subject: 'Better' })).body).toMatchObject({ waiting: before.waiting });
    await world.run();
    expect((await world.rep.get(email.id)).attempts).toHaveLength(1);
  });

  test('cancelling and leaving have one winner, thirty times over', async () => {
    for (let round = 0; round < 30; round++) {
      const email = await world.write(`p${round}@example.com`);
      const [, cancelled] = await Promise.all([world.run(), world.rep.client.send('delete', `/v1/emails/${email.id}`)]);
      const arrived = (await world.mail.messages(`p${round}@example.com`)).length;
      expect({ status: cancelled.status, arrived }).toEqual(
        cancelled.status === 204 ? { status: 204, arrived: 0 } : { status: 409, arrived: 1 },
      );
    }
  });
});

describe('failure cases 1, 2 and 3: who dies while sending', () => {
  test('after the claim, before the message began to leave: it is sent, once', async () => {
    const id = await world.orphan('grace@example.com', 'not begun');
    await world.run();
    expect(await world.rep.get(id)).toMatchObject({
      state: 'delivered',
      attempts: [{ outcome: 'give_back' }, { outcome: 'accept' }],
    });
    expect(await world.mail.messages('grace@example.com')).toHaveLength(1);
  });

  test('after the message began to leave: it is uncertain, and never sent again alone', async () => {
    const id = await world.orphan('grace@example.com', 'begun');
    for (let go = 0; go < 3; go++) {
      await world.run();
      base.world.clock.advance(86_400_000);
    }
    expect(await world.rep.get(id)).toMatchObject({
      state: 'uncertain',
      folder: 'failed',
      reason: { code: 'uncertain' },
    });
    expect(await world.mail.messages()).toEqual([]);
  });

  test('a person who says so sends it again, under the same Message-ID', async () => {
    const id = await world.orphan('greylist@example.com', 'begun');
    await world.run();
    await world.rep.act(id, 'retry', { even_if_uncertain: true });
    await world.run();
    expect(await world.stateOf(id)).toBe('scheduled');
    base.world.clock.advance(120_000);
    await world.run();
    const { state, attempts } = await world.rep.get(id);
    expect({ state, ids: attempts.map(({ message_id }) => message_id) }).toEqual({
      ...{ state: 'delivered', ids: Array(3).fill('first@northwind.example') },
    });
  });

  test('a proof that comes after a person asked for another try still counts: it is not sent again', async () => {
    const id = await world.orphan('grace@example.com', 'begun');
    const [row] = await world.sql<{ attemptId: string }>('SELECT attempt_id AS "attemptId" FROM emails WHERE id = $1', [
      id,
    ]);
    await world.run();
    await world.rep.act(id, 'retry', { even_if_uncertain: true });
    const email = { id, attemptId: row?.attemptId, subject: 'A question' } as OutgoingEmail;
    const late = { event: 'accept' as const, response: '250 taken', detail: null };
    await base.world.app.app.get(OutgoingOutcomes).write(world.team.teamId, email, late);
    await world.run();
    expect(await world.stateOf(id)).toBe('delivered');
    expect(await world.mail.messages()).toEqual([]);
  });

  test('one that every worker dies of before it leaves is given up', async () => {
    const id = await world.orphan('grace@example.com', 'not begun');
    await world.sql('UPDATE emails SET attempts = 28 WHERE id = $1', [id]);
    await world.run();
    expect(await world.rep.get(id)).toMatchObject({ state: 'failed', reason: { code: 'too_many_tries' } });
  });

  test('DATA accepted and the connection cut without a reply: one copy, uncertain, others are sent', async () => {
    await world.mail.control({ dropAfterData: 1 });
    const first = await world.write('grace@example.com');
    await world.run();
    expect(await world.rep.get(first.id)).toMatchObject({ state: 'uncertain', attempts: [{ outcome: 'doubt' }] });
    expect(await world.mail.messages('grace@example.com')).toHaveLength(1);
    await world.mail.control({});
    const second = await world.write('alan@example.com');
    await world.run();
    expect(await world.stateOf(second.id)).toBe('delivered');
    expect(await world.mail.messages('grace@example.com')).toHaveLength(1);
  });

  test('cut before DATA: nothing left, and it is tried again', async () => {
    await world.mail.control({ dropBeforeData: 1 });
    const email = await world.write('grace@example.com');
    await world.run();
    expect(await world.rep.get(email.id)).toMatchObject({ state: 'scheduled', attempts: [{ outcome: 'give_back' }] });
    await world.mail.control({});
    base.world.clock.advance(900_000);
    await world.run();
    expect(await world.stateOf(email.id)).toBe('delivered');
    expect(await world.mail.messages('grace@example.com')).toHaveLength(1);
  });
});

test('failure case 4: two workers and one due email, one sends it, a hundred times over', async () => {
  for (let round = 0; round < 100; round++) {
    const { id: personId } = await world.person(`twice${round}@example.com`);
    await world.rep.write(personId, { schedule: {} });
    await Promise.all([world.run(), world.run()]);
    await world.run();
  }
  const { deliveries, mailboxes, bySubject } = await world.mail.copies();
  expect({ deliveries, mailboxes, doubles: bySubject.count }).toEqual({ deliveries: 100, mailboxes: 100, doubles: 0 });
  expect(await world.rep.counts()).toEqual({ delivered: 100 });
});

test('another team’s channel sends none of it', async () => {
  const email = await world.write('grace@example.com');
  const other = await base.another();
  await other.run();
  expect(await world.stateOf(email.id)).toBe('scheduled');
});

test('a channel whose team is deleted is forgotten', async () => {
  await world.write('grace@example.com');
  await world.sql('UPDATE teams SET deleted_at = now() WHERE id = $1', [world.team.teamId]);
  expect(await world.run()).toBe('gone');
  expect(await world.mail.messages()).toEqual([]);
});
