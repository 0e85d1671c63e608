import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { EmailState } from '../../../src/command-center/emails/email-state.js';
import type {
  EmailFigures,
  TemplateFiguresList,
  TemplateFiguresView,
} from '../../../src/command-center/emails/template-figures.dto.js';
import { type Client, createWorld, newId, newTeam, type Team, type World } from '../world.js';
import { emailIn, Mailer, readySender, type Sender } from './email-world.js';

type Writer = Sender & { userId: string };

const NOTHING: EmailFigures = {
  ...{ sent: 0, delivered: 0, bounced: 0, spam: 0, failed: 0, success: 0, success_rate: null },
};

let world: World;
let team: Team;
let [mine, others]: Writer[] = [];
let client: Client;
let templateId: string;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.end());
beforeEach(async () => {
  team = await newTeam(world);
  const [rep, other] = team.reps;
  mine = { ...(await readySender(world, team, rep!)), userId: rep!.userId };
  others = { ...(await readySender(world, team, other!)), userId: other!.userId };
  [client] = team.repClients as [Client];
  templateId = await template({ shared: true });
});

async function template(fields: object = {}, by = client): Promise<string> {
  const body = { name: 'First contact', subject: 'x', body: 'x', ...fields };
  return (await by.send<{ id: string }>('post', '/v1/templates', body)).body.id;
}

async function figures(ids = [templateId], by = client): Promise<TemplateFiguresView[]> {
  return (await by.get<TemplateFiguresList>(`/v1/template-figures?ids=${ids.join()}`)).data;
}

const send = (state: EmailState, by = mine!, fields: object = {}) =>
  emailIn(world, team, by, state, { templateId, sentAt: world.clock.now(), ...fields });

describe('the figures of a template', () => {
  test('count what became of each email, apart for the caller and the team', async () => {
    const states: EmailState[] = ['delivered', 'archived', 'bounced', 'spam', 'failed', 'uncertain'];
    for (const state of [...states, 'draft', 'scheduled', 'in_progress'] as const) {
      await send(state, mine, { sentAt: states.indexOf(state) < 4 ? world.clock.now() : null });
    }
    await send('delivered', others, { successAt: world.clock.now() });
    await send('delivered', mine, { templateId: await template() });
    const own = { sent: 4, delivered: 2, bounced: 1, spam: 1, failed: 2, success: 0, success_rate: 0 };
    const all = { sent: 5, delivered: 3, bounced: 1, spam: 1, failed: 2, success: 1, success_rate: 0.2 };
    expect(await figures()).toEqual([{ template_id: templateId, mine: own, team: all }]);
    const [theirs] = await figures([templateId], team.repClients[1]);
    expect(theirs).toMatchObject({ mine: { sent: 1, success: 1, success_rate: 1 }, team: all });
  });

  test('follow the success mark as it is set and taken away', async () => {
    const id = await send('delivered');
    const mail = new Mailer(client);
    await mail.act(id, 'success');
    expect((await figures())[0]?.mine).toMatchObject({ sent: 1, success: 1, success_rate: 1 });
    await client.send('delete', `/v1/emails/${id}/success`);
    expect((await figures())[0]?.mine).toMatchObject({ sent: 1, success: 0, success_rate: 0 });
  });

  test('keep what was deleted after it was sent, and nothing that was not', async () => {
    const ids = [await send('archived'), await send('bounced', mine, { reason: 'bounced' })];
    ids.push(await send('spam', mine, { reason: 'spam' }), await send('failed', mine, { sentAt: null }));
    // It came back, and waits to be sent once more.
    world.clock.advance(60_000);
    const again = { sendAt: world.clock.now(), dueAt: world.clock.now() };
    ids.push(await send('scheduled', mine, { ...again, sentAt: new Date(world.clock.now().getTime() - 60_000) }));
    const before = (await figures())[0]?.mine;
    expect(before).toMatchObject({ sent: 3, delivered: 1, bounced: 1, spam: 1, failed: 1 });
    await client.send('post', '/v1/emails/bulk', { ids, action: 'delete' });
    expect((await figures())[0]?.mine).toEqual({ ...before, failed: 0 });
  });

  test('are of templates that the caller sees, in the order asked for', async () => {
    const [own, hidden] = [await template(), await template({}, team.repClients[1])];
    await send('delivered', others, { templateId: hidden });
    expect((await figures([own, hidden, newId(), templateId, own])).map((one) => one.template_id)).toEqual([
      ...[own, templateId],
    ]);
    expect(await figures([own])).toEqual([{ template_id: own, mine: NOTHING, team: NOTHING }]);
    const [seen] = await figures([hidden], team.adminClient);
    expect(seen).toMatchObject({ mine: { sent: 0 }, team: { sent: 1 } });
    const another = await newTeam(world);
    expect(await figures([templateId, own], another.adminClient)).toEqual([]);
  });

  test.each(['ids=', 'ids=x', `ids=${newId()},x`, `ids=${Array.from({ length: 101 }, newId).join()}`])(
    'are refused for %.20s',
    async (query) => {
      const { status, body } = await client.refusal('get', `/v1/template-figures?${query}`);
      expect({ status, fields: body.errors.map(({ field }) => field.split('.')[0]) }).toMatchObject({
        ...{ status: 400, fields: ['ids'] },
      });
    },
  );
});
