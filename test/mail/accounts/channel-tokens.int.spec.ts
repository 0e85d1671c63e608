import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ChannelList } from '../../../src/command-center/senders/channels.dto.js';
import { ChannelTokens } from '../../../src/mail/accounts/channel-tokens.js';
import { DISPATCH } from '../../../src/mail/dispatch/dispatch.js';
import { Transactions } from '../../../src/platform/database/transactions.js';
import { LaneRunner } from '../../../src/platform/pipelines/lane-runner.js';
import { Mailer, readySender } from '../../command-center/emails/email-world.js';
import { newTeam, type Team } from '../../command-center/world.js';
import type { TestApp, TestUser } from '../../support/app.js';
import { until } from '../../support/until.js';
import { between, connectMailbox, createMailboxWorld, Gate, type MailboxWorld } from './mailbox-world.js';

const HOUR_MS = 3_600_000;

let world: MailboxWorld;
let other: TestApp;
let team: Team;
let rep: TestUser;

beforeAll(async () => {
  world = await createMailboxWorld();
  other = await world.anotherApp();
});
afterAll(async () => {
  await other.close();
  await world.end();
});
beforeEach(async () => {
  team = await newTeam(world, { reps: 1 });
  [rep] = team.reps as [TestUser];
});

const connect = (address = 'ann@mailbox.example') => connectMailbox(world, { team, who: rep }, address);
const channels = async () => (await team.repClients[0]!.get<ChannelList>('/v1/channels')).data;
const grant = async (channelId: string) => {
  const sql = 'SELECT * FROM delivery_channel_grants WHERE channel_id = $1';
  return (await world.database.dataSource.query<object[]>(sql, [channelId]))[0];
};

describe('A provider that does not answer', () => {
  test('holds up its own channels only: the database is free, and their emails leave when it is back', async () => {
    // More than there are connections to the database.
    const many = 6;
    for (let n = 0; n < many; n++) await connect(`m${n}@mailbox.example`);
    const mailboxes = await channels();
    const { identityId } = await readySender(world, team, rep);
    const mailer = new Mailer(team.repClients[0]!);
    const emails: { id: string }[] = [];
    for (const [n, { id }] of mailboxes.entries()) {
      const sql = 'UPDATE identities SET channel_id = $2 WHERE id = $1';
      await world.database.dataSource.query(sql, [identityId, id]);
      const { id: personId } = await team.repClients[0]!.newPerson({ name: 'Grace', email: `grace${n}@example.com` });
      emails.push(await mailer.write(personId, { schedule: {} }));
    }
    world.clock.advance(HOUR_MS);
    const gate = new Gate();
    let asked = 0;
    const hang = async (_: string, pass: () => Promise<Response>) => {
      asked += 1;
      await gate.opened;
      return pass();
    };
    await between(hang, async () => {
      const lanes = mailboxes.map(({ id }) => world.app.app.get(LaneRunner).runLane(DISPATCH, id));
      try {
        await until(() => asked === many, 3_000);
        expect(await world.app.app.get(Transactions).query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
      } finally {
        gate.open();
        await Promise.all(lanes);
      }
    });
    for (const { id } of emails) expect(await mailer.get(id)).toMatchObject({ state: 'delivered' });
  });
});

describe('While a new token is on its way', () => {
  let channelId: string;
  beforeEach(async () => {
    await connect();
    channelId = (await channels())[0]!.id;
    world.clock.advance(HOUR_MS);
  });
  const tokenOf = ({ app }: TestApp = world.app) => app.get(ChannelTokens).accessToken(team.teamId, channelId, false);

  /** The first call waits for `gate`, before or after it is at the provider. */
  const holdFirst = (gate: Gate, where: 'before' | 'after', told: () => void) => {
    let calls = 0;
    return async (grantType: string, pass: () => Promise<Response>) => {
      if (grantType !== 'refresh_token' || (calls += 1) > 1) return pass();
      const answer = where === 'after' ? await pass() : undefined;
      told();
      await gate.opened;
      return answer ?? pass();
    };
  };

  /** `meanwhile` happens while the first refresh is on its way; resolves with what became of it. */
  async function during(where: 'before' | 'after', meanwhile: (release: () => void) => Promise<void>): Promise<string> {
    const [held, gate] = [new Gate(), new Gate()];
    return between(holdFirst(gate, where, held.open), async () => {
      const first = tokenOf();
      first.catch(() => undefined);
      await held.opened;
      await meanwhile(gate.open).finally(gate.open);
      return first;
    });
  }

  test('the one that another process has got is used: a refusal of the old permission is not the end', async () => {
    let others = '';
    const token = await during('before', async () => void (others = await tokenOf(other)));
    expect(token).toBe(others);
    world.clock.advance(HOUR_MS);
    expect(await tokenOf()).not.toBe(token);
  });

  test('whoever else of the process needs it gets the same: the provider is asked once', async () => {
    const gate = new Gate();
    let asked = 0;
    const hold = async (_: string, pass: () => Promise<Response>) => {
      asked += 1;
      await gate.opened;
      return pass();
    };
    await between(hold, async () => {
      const waiting = [tokenOf(), tokenOf()];
      await until(() => asked > 0);
      waiting.push(tokenOf());
      gate.open();
      expect(new Set(await Promise.all(waiting)).size).toBe(1);
    });
    expect(asked).toBe(1);
  });

  test('another process that is refused for it waits for what comes', async () => {
    let others: Promise<string> | undefined;
    const token = await during('after', async (release) => {
      others = tokenOf(other);
      // It is refused, and looks for what the first will have written.
      setTimeout(release, 100);
      await others;
    });
    expect(await others).toBe(token);
  });

  test('a channel that is removed stays so', async () => {
    const refused = during('after', async () => {
      await team.repClients[0]!.send('delete', `/v1/channels/${channelId}`);
    });
    await expect(refused).rejects.toMatchObject({ responseCode: 535, words: expect.stringContaining('is gone') });
    expect(await grant(channelId)).toBeUndefined();
  });

  test.each(['before', 'after'] as const)(
    'a mailbox that is connected again keeps its new permission (%s)',
    async (where) => {
      let anew: object | undefined;
      const token = await during(where, async () => {
        expect((await connect()).status).toBe(200);
        anew = await grant(channelId);
      });
      expect(await grant(channelId)).toEqual(anew);
      expect(await tokenOf()).toBe(token);
    },
  );

  test('a permission that is taken back is so for everybody who waits', async () => {
    await fetch(`${world.mail.url}/oauth/grants`, { method: 'DELETE' });
    const both = await Promise.allSettled([tokenOf(), tokenOf()]);
    for (const one of both) expect(one).toMatchObject({ reason: { responseCode: 535 } });
  });
});
