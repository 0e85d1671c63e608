import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { LinkUnsubscribes } from '../../../src/mail/unsubscribe/link-unsubscribes.js';
import { UnsubscribeLinks } from '../../../src/mail/unsubscribe/unsubscribe-links.js';
import { scrub } from '../../../src/platform/logging/scrub.js';
import { emailIn, readySender } from '../../command-center/emails/email-world.js';
import { createWorld, newId, newTeam, type Team, type World } from '../../command-center/world.js';

const FORMER = 'grace@former.example';

let world: World;
let team: Team;
let personId: string;
let emailId: string;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.end());

beforeEach(async () => {
  team = await newTeam(world, { reps: 1 });
  const [rep] = team.reps;
  const sender = { ...(await readySender(world, team, rep!)), userId: rep!.userId };
  ({ id: personId } = await team.repClients[0]!.newPerson({ name: 'Grace', email: 'hopper@navy.example' }));
  emailId = await emailIn(world, team, sender, 'delivered', { personId, toAddress: FORMER });
});

function linkTo(person: string): string {
  const target = { teamId: team.teamId, personId: person, emailId };
  return new URL(world.app.app.get(UnsubscribeLinks).urlFor(target)).pathname;
}

const click = (path: string) => world.app.http.post(path).type('form').send('List-Unsubscribe=One-Click').expect(200);

async function kept(): Promise<string[]> {
  const sql = 'SELECT email FROM unsubscribed_addresses WHERE team_id = $1 ORDER BY email';
  const rows = await world.database.dataSource.query<{ email: string }[]>(sql, [team.teamId]);
  return rows.map(({ email }) => email);
}

test('the address that an email went to is unsubscribed with the person, who has another by now', async () => {
  expect((await world.app.http.get(linkTo(personId)).expect(200)).text).toContain('g•••@former.example');
  await click(linkTo(personId));
  await click(linkTo(personId));
  expect(await kept()).toEqual([FORMER, 'hopper@navy.example']);
});

test('a person who is unsubscribed already is still asked while the address is not', async () => {
  const { status } = await team.repClients[0]!.send('post', `/v1/people/${personId}/unsubscribe`, {});
  expect(status).toBe(200);
  expect((await world.app.http.get(linkTo(personId))).text).toContain('<form');
  await click(linkTo(personId));
  expect((await world.app.http.get(linkTo(personId))).text).not.toContain('<form');
  expect(await kept()).toContain(FORMER);
});

test('a page that cannot be shown at the moment says so as a page', async () => {
  const people = world.app.app.get(LinkUnsubscribes);
  const broken = jest.spyOn(people, 'standing').mockRejectedValue(new Error('The database is away.'));
  const answer = await world.app.http.get(linkTo(personId));
  broken.mockRestore();
  expect([answer.status, answer.headers['content-type']]).toEqual([503, 'text/html; charset=utf-8']);
  expect(answer.text).toContain('try again');
});

test('of whom nothing else is kept, the address of the email still is', async () => {
  await click(linkTo(newId()));
  expect(await kept()).toEqual([FORMER]);
});

test('a link in another case is the same link: read, and left out of the log', async () => {
  const path = linkTo(personId).replace('/u/', '/U/');
  await click(path);
  expect(await kept()).toContain(FORMER);
  expect(scrub(`POST ${path} 200`)).toBe('POST /U/[redacted] 200');
});
