import { Injectable } from '@nestjs/common';
import type { Principal } from '../../accounts/access.js';
import { TeamsService } from '../../accounts/teams.service.js';
import { Config } from '../../config/config.js';
import { ProductError } from '../../platform/errors/product-error.js';
import type { CallMeter } from '../client/types.js';
import { isSalesforceId, to18 } from '../client/ids.js';
import { ApiMeter } from '../api-budget/api-meter.js';
import { ConnectionRegistrar } from './connection-registrar.js';
import { ConnectionRepository } from './connection.repository.js';
import { allowedLoginUrl } from './login-url.js';
import { type OauthAttempt, OauthAttempts } from './oauth-attempts.repository.js';
import { OauthClient } from './oauth-client.js';
import { type Grant, SignIn, signInFailed } from './sign-in.js';

/** What the admin chose. */
export interface Asked {
  loginUrl: string | undefined;
  /** The org that another one may take the place of. */
  leaveOrg: string | undefined;
}

export interface Begun {
  url: string;
  state: string;
}

/** What Salesforce sends the browser back with. */
export interface CallbackQuery {
  code: string | undefined;
  state: string | undefined;
  error: string | undefined;
}

/** Which browser came back: Salesforce's answer alone would tie whoever follows a link to the team that made it. */
export interface Browser {
  /** The state of the log-in that it began, from its cookie. */
  began: string | undefined;
  /** Who is signed in with it. */
  principal: Principal | undefined;
}

/** The web-server flow: sends an admin to Salesforce and takes them back. */
@Injectable()
export class ConnectService {
  constructor(
    private readonly attempts: OauthAttempts,
    private readonly teams: TeamsService,
    private readonly signIn: SignIn,
    private readonly registrar: ConnectionRegistrar,
    private readonly connections: ConnectionRepository,
    private readonly oauth: OauthClient,
    private readonly meter: ApiMeter,
    private readonly config: Config,
  ) {}

  /** The address to send the admin's browser to, and the state that it must bring back. */
  async begin({ teamId, userId, actor }: Principal, { loginUrl: askedUrl, leaveOrg }: Asked): Promise<Begun> {
    if (!this.oauth.configured) {
      const todo = 'Set SALESFORCE_CLIENT_ID and SALESFORCE_CLIENT_SECRET to those of your External Client App.';
      throw signInFailed(todo);
    }
    const loginUrl = await this.loginUrl(teamId, askedUrl, leaveOrg);
    const { state, codeVerifier } = await this.attempts.begin({
      teamId,
      userId,
      actor,
      loginUrl,
      leaveOrg: await this.toLeave(teamId, leaveOrg),
    });
    return { url: this.oauth.authorizeUrl(loginUrl, state, codeVerifier), state };
  }

  /** The browser is back. Each state works once, whatever comes of it. */
  async finish(query: CallbackQuery, browser: Browser): Promise<void> {
    const attempt = await this.attempts.take(query.state ?? '');
    if (!attempt) {
      throw signInFailed('This log-in is over: it was used already, or took longer than ten minutes. Begin again.');
    }
    if (!isTheirs(browser, query.state, attempt.teamId)) {
      throw signInFailed(
        'This log-in was begun in another browser. Sign in to Command Center as an admin of the team, then begin again.',
      );
    }
    if (query.code === undefined) throw signInFailed(reasonOf(query));
    if (!(await this.attempts.mayFinish(attempt)))
      throw signInFailed('Who began this log-in is no admin any more, or their key was revoked.');
    const meter = await this.meterOf(attempt.teamId);
    await this.register(attempt, await this.signIn.grant(attempt.loginUrl, query.code, attempt.codeVerifier, meter));
  }

  /** At once, without a person: our key signs, in the name of an approved user (JWT bearer flow). */
  async byKey(principal: Principal, username: string, { loginUrl: askedUrl, leaveOrg }: Asked): Promise<void> {
    const { teamId, userId, actor } = principal;
    if (!this.oauth.hasKey) {
      const todo = 'Set SALESFORCE_CLIENT_ID, and SALESFORCE_JWT_PRIVATE_KEY to the key of its certificate.';
      throw new ProductError('conflict', todo);
    }
    const loginUrl = await this.loginUrl(teamId, askedUrl, leaveOrg);
    const left = await this.toLeave(teamId, leaveOrg);
    const known = await this.mayUseKey(teamId);
    const grant = await this.signIn.grantByKey(loginUrl, username, await this.meterOf(teamId));
    if (known !== 'any' && known !== grant.orgId) throw logInFirst();
    await this.register({ teamId, userId, actor, loginUrl, leaveOrg: left }, grant);
  }

  private async register(attempt: OauthAttempt, grant: Grant): Promise<void> {
    try {
      await this.registrar.register(attempt, grant);
    } catch (error) {
      // A session by our key may be another team's as well: it ends by itself.
      if (grant.refreshToken !== undefined) await this.oauth.revoke(attempt.loginUrl, grant.refreshToken);
      throw error;
    }
  }

  /** The one call of a first log-in has no org yet to be counted for; the org's own count has it. */
  private async meterOf(teamId: string): Promise<CallMeter | undefined> {
    const present = await this.connections.ofTeam(teamId);
    return present && this.meter.of({ teamId, connectionId: present.id });
  }

  /**
   * Our one key opens every org that approved it, whoever asks. So where several teams share this installation, a team
   * has shown first by a log-in that the org is theirs. Answers which org that is.
   */
  private async mayUseKey(teamId: string): Promise<string> {
    if ((await this.teams.list()).length === 1) return 'any';
    const orgId = (await this.connections.ofTeam(teamId))?.orgId;
    if (orgId === undefined) throw logInFirst();
    return orgId;
  }

  /** Said at the beginning, so that nobody logs in for nothing; decided at the end. */
  private async toLeave(teamId: string, leaveOrg: string | undefined): Promise<string | null> {
    if (leaveOrg === undefined) return null;
    const id = isSalesforceId(leaveOrg) ? to18(leaveOrg) : leaveOrg;
    if ((await this.connections.ofTeam(teamId))?.orgId === id) return id;
    throw new ProductError(
      'conflict',
      'Your team does not have the org that you want to leave: read the connection again.',
    );
  }

  private async loginUrl(teamId: string, asked: string | undefined, leaveOrg: string | undefined): Promise<string> {
    const listed = this.config.get('SALESFORCE_LOGIN_HOSTS');
    // Where the org is that is left is not where the other one is.
    const last = leaveOrg === undefined ? (await this.connections.ofTeam(teamId))?.loginUrl : undefined;
    const text = asked ?? last ?? listed[0] ?? '';
    const allowed = allowedLoginUrl(text, listed);
    if (allowed === undefined) throw new ProductError('salesforce_login_host');
    return allowed;
  }
}

function logInFirst(): ProductError {
  return new ProductError(
    'conflict',
    'Several teams share this installation: log in to the org once as its integration user, then it can be connected by key.',
  );
}

/** Pure: whether the log-in is this browser's: it began it, or an admin of the team sits at it. */
function isTheirs({ began, principal }: Browser, state: string | undefined, teamId: string): boolean {
  return (began !== undefined && began === state) || (principal?.role === 'admin' && principal.teamId === teamId);
}

// What Salesforce writes here passes through the browser's address: only its code is taken, not its text.
function reasonOf({ error }: CallbackQuery): string {
  if (error === 'access_denied') return 'You did not allow the access in Salesforce. Nothing was changed.';
  const code = error !== undefined && /^\w{1,60}$/.test(error) ? ` (${error})` : '';
  return `Salesforce refused the log-in${code}. Check the External Client App, its callback address above all.`;
}
