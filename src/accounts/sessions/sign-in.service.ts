import { Injectable } from '@nestjs/common';
import { Transactions } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { AccountTokens } from './account-tokens.service.js';
import { isPasswordOf } from './password-hash.js';
import { type OpenedSession, SessionsService } from './sessions.service.js';

export interface Credentials {
  /** Lower case. */
  email: string;
  password: string;
  /** Where one address is in several teams. */
  teamId?: string;
}

export interface SignedIn {
  teamId: string;
  userId: string;
  session: OpenedSession;
}

interface Candidate {
  team_id: string;
  team_name: string;
  user_id: string;
  hash: string | null;
}

/** No address is in more teams than this; more would make signing in a way to keep the processor busy. */
const MOST_TEAMS = 10;

@Injectable()
export class SignInService {
  constructor(
    private readonly transactions: Transactions,
    private readonly sessions: SessionsService,
    private readonly tokens: AccountTokens,
  ) {}

  /** Throws `sign_in_failed` whatever of the two is wrong, and `choose_team` when they are right in several teams. */
  async withPassword({ email, password, teamId }: Credentials, userAgent: string): Promise<SignedIn> {
    const fitting = await this.fitting(email, password, teamId);
    const [first] = fitting;
    if (!first) throw new ProductError('sign_in_failed');
    if (fitting.length > 1) {
      const teams = fitting.map(({ team_id: value, team_name: message }) => ({ field: 'team_id', message, value }));
      throw new ProductError('choose_team', undefined, teams);
    }
    const who = { teamId: first.team_id, userId: first.user_id };
    const session = await this.transactions.run((tx) =>
      this.sessions.open(tx, { ...who, method: 'password', userAgent }),
    );
    return { ...who, session };
  }

  /** Throws `link_expired` when the link is wrong, used or too old. */
  async withLink(token: string, userAgent: string): Promise<SignedIn> {
    return this.transactions.run(async (tx) => {
      const who = await this.tokens.take(tx, token, ['sign_in']);
      const session = await this.sessions.open(tx, { ...who, method: 'link', userAgent });
      return { ...who, session };
    });
  }

  private async fitting(email: string, password: string, teamId: string | undefined): Promise<Candidate[]> {
    const candidates = await this.transactions.query<Candidate>(
      `SELECT u.team_id, t.name AS team_name, u.id AS user_id, p.hash
       FROM users u JOIN teams t ON t.id = u.team_id AND t.deleted_at IS NULL
       LEFT JOIN user_passwords p ON p.team_id = u.team_id AND p.user_id = u.id
       WHERE u.email = $1 AND u.active AND ($2::uuid IS NULL OR u.team_id = $2)
       ORDER BY u.team_id LIMIT ${MOST_TEAMS}`,
      [email, teamId ?? null],
    );
    if (candidates.length === 0) await isPasswordOf(password, null);
    const fits = await Promise.all(candidates.map(({ hash }) => isPasswordOf(password, hash)));
    return candidates.filter((_, index) => fits[index]);
  }
}
