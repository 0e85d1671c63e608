import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ApiKeysService } from '../../../src/accounts/api-keys.service.js';
import type { ColumnSets, ColumnSetView } from '../../../src/command-center/emails/column-sets.dto.js';
import { EMAIL_FOLDERS } from '../../../src/command-center/emails/email-state.js';
import { Client, createWorld, newTeam, type Team, type World } from '../world.js';

const PATH = '/v1/emails/column-sets';
const SET = { columns: ['subject', 'company', 'sent'], sort: '-subject', rows_per_page: 100, roll_up: true };

let world: World;
let team: Team;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.end());
beforeEach(async () => {
  team = await newTeam(world);
});

const setsOf = async (client: Client) => (await client.get<ColumnSets>(PATH)).data;
const setOf = async (client: Client, folder: string) => (await setsOf(client)).find((set) => set.folder === folder);

describe('the columns of a folder', () => {
  test('are the usual ones of each folder until they are changed', async () => {
    const sets = await setsOf(team.repClients[0]!);
    expect(sets.map(({ folder }) => folder)).toEqual(EMAIL_FOLDERS);
    expect(sets.every(({ saved, columns }) => !saved && columns.includes('person'))).toBe(true);
    expect(sets.find(({ folder }) => folder === 'scheduled')).toMatchObject({ sort: 'send_at', rows_per_page: 50 });
  });

  test('are kept for their user and folder alone, in their order, and go back to the usual ones', async () => {
    const [mine, others] = team.repClients as [Client, Client];
    const usual = await setOf(mine, 'delivered');
    const saved = await mine.send<ColumnSetView>('put', `${PATH}/delivered`, SET);
    expect(saved).toMatchObject({ status: 200, body: { folder: 'delivered', saved: true, ...SET } });
    expect(await setOf(mine, 'delivered')).toEqual(saved.body);
    expect((await setsOf(mine)).filter((set) => set.saved)).toHaveLength(1);
    for (const client of [others, team.adminClient]) expect(await setOf(client, 'delivered')).toEqual(usual);
    const again = { ...SET, columns: ['person'], roll_up: false };
    expect((await mine.send('put', `${PATH}/delivered`, again)).body).toMatchObject(again);
    expect((await mine.send('delete', `${PATH}/delivered`)).body).toEqual(usual);
    expect(await setOf(mine, 'delivered')).toEqual(usual);
  });

  test.each([
    [{ columns: [] }, 'columns'],
    [{ columns: ['subject', 'subject'] }, 'columns'],
    [{ columns: ['campaign'] }, 'columns'],
    [{ sort: 'height' }, 'sort'],
    [{ rows_per_page: 51 }, 'rows_per_page'],
    [{ roll_up: 'yes' }, 'roll_up'],
  ])('%j is refused, and nothing is kept', async (change, field) => {
    const client = team.repClients[0]!;
    const { status, body } = await client.refusal('put', `${PATH}/drafts`, { ...SET, ...change });
    expect({ status, fields: body.errors.map((error) => error.field.split('.')[0]) }).toEqual({
      ...{ status: 400, fields: [field] },
    });
    expect(await setOf(client, 'drafts')).toMatchObject({ saved: false });
  });

  test('are of folders that there are, and of people', async () => {
    expect((await team.repClients[0]!.refusal('put', `${PATH}/spoon`, SET)).status).toBe(404);
    const input = { name: 'k', userId: null, scopes: ['emails:read' as const] };
    const { text } = await world.app.app.get(ApiKeysService).create(team.teamId, input, 'operator');
    expect((await new Client(world.app, text).refusal('get', PATH)).status).toBe(403);
  });
});
