import type { Browser } from 'playwright-core';
import { AccountTokens } from '../../src/accounts/sessions/account-tokens.service.js';
import { Transactions } from '../../src/platform/database/transactions.js';
import type { TestUser } from '../support/app.js';
import { SyncWorld } from '../support/sync-world.js';
import { WallClock } from '../support/wall-clock.js';
import { launchBrowser, openPage, type WatchedPage } from './browser.js';

/** The whole product at work, as in an installation: api and worker, a Salesforce org, and a browser. Real time. */
export class LiveWorld {
  private constructor(
    readonly sync: SyncWorld,
    readonly browser: Browser,
    readonly url: string,
  ) {}

  static async create(options: { reps?: number; tasks?: number } = {}): Promise<LiveWorld> {
    const env = { ROLE: 'all', SALESFORCE_POLL_SECONDS: '1', SWEEP_SECONDS: '1' };
    const sync = await SyncWorld.create({ ...options, clock: new WallClock(), env });
    const { port } = sync.test.app.getHttpServer().address() as { port: number };
    return new LiveWorld(sync, await launchBrowser(), `http://127.0.0.1:${port}`);
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.sync.close();
  }

  /** A browser in which this person is signed in already; as wide as a laptop unless told. */
  async pageOf(who: TestUser, options: { width?: number; dark?: boolean } = {}): Promise<WatchedPage> {
    const watched = await openPage(this.browser, { ...options, baseURL: this.url });
    const link = await this.signInLink(who);
    await watched.page.goto(link);
    await watched.page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
    return watched;
  }

  async signInLink({ userId }: TestUser): Promise<string> {
    const { app } = this.sync.test;
    const of = { teamId: this.sync.team.teamId, userId, purpose: 'sign_in', validMs: 60_000 } as const;
    const token = await app.get(Transactions).run((tx) => app.get(AccountTokens).issue(tx, of));
    return `/sign-in/link#${token}`;
  }
}
