import type { Response as HttpResponse } from 'supertest';
import { SessionsService } from '../../../src/accounts/sessions/sessions.service.js';
import { inTransaction, type Team, type World } from '../../command-center/world.js';
import { bearer, createTestApp, type TestApp, type TestUser } from '../../support/app.js';
import { createTestDatabase } from '../../support/database.js';
import { FakeClock } from '../../support/fake-clock.js';
import { TestMailWorld } from '../../support/mail-world.js';

/** The application, and the providers that the sandbox plays. */
export interface MailboxWorld extends World {
  mail: TestMailWorld;
  /** Another process of the same installation. */
  anotherApp(): Promise<TestApp>;
}

export async function createMailboxWorld(): Promise<MailboxWorld> {
  const database = await createTestDatabase();
  const clock = new FakeClock('2026-03-04T10:00:00Z');
  const mail = await TestMailWorld.start({}, () => clock.now());
  const env = { MAIL_PROVIDER_SANDBOX: `${mail.url},127.0.0.1:${mail.smtpPort}` };
  const anotherApp = () => createTestApp({ database, clock, env });
  const app = await anotherApp();
  const end = async () => {
    await app.close();
    await database.drop();
    await mail.stop();
  };
  return { database, clock, app, mail, anotherApp, end };
}

export async function sessionOf(world: World, { teamId }: Team, { userId }: TestUser): Promise<string> {
  const open = { teamId, userId, method: 'link' as const, userAgent: '' };
  const { token } = await inTransaction(world, (tx) => world.app.app.get(SessionsService).open(tx, open));
  return `cc_session=${token}`;
}

/** To the provider, whose page says yes, and back. */
export async function connectMailbox(
  world: World,
  { team, who, provider = 'google', forTeam }: { team: Team; who: TestUser; provider?: string; forTeam?: boolean },
  address: string,
  as: { cookie?: string; times?: number } = {},
): Promise<HttpResponse> {
  const { http } = world.app;
  const began = await http.post('/v1/mail-accounts').set(bearer(who.key)).send({ provider, team: forTeam });
  if (began.status !== 200) return began;
  const [cookie = ''] = (began.headers['set-cookie'] as unknown as string[])[0]?.split(';') ?? [];
  const url = new URL((began.body as { authorize_url: string }).authorize_url);
  url.pathname = url.pathname.replace(/authorize$/, 'allow');
  url.searchParams.set('as', address);
  const back = new URL((await fetch(url, { redirect: 'manual' })).headers.get('location') ?? '');
  const cookies = as.cookie ?? `${cookie}; ${await sessionOf(world, team, who)}`;
  const come = () => http.get(back.pathname + back.search).set('Cookie', cookies);
  for (let time = 1; time < (as.times ?? 1); time++) await come();
  return come();
}

/** What becomes of a call of the token endpoint; `pass` lets it through. */
export type OnTheWay = (grantType: string, pass: () => Promise<Response>) => Promise<Response>;

/** Stands between the application and the token endpoint while the work goes on. */
export async function between<T>(onTheWay: OnTheWay, work: () => Promise<T>): Promise<T> {
  const real = globalThis.fetch;
  globalThis.fetch = (to, init) => {
    const pass = () => real(to, init);
    return init?.body instanceof URLSearchParams ? onTheWay(init.body.get('grant_type') ?? '', pass) : pass();
  };
  try {
    return await work();
  } finally {
    globalThis.fetch = real;
  }
}

/** Shut until somebody opens it. */
export class Gate {
  open!: () => void;
  readonly opened = new Promise<void>((resolve) => (this.open = resolve));
}
