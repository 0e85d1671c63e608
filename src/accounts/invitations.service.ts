import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import { Transactions, type Tx } from '../platform/database/transactions.js';
import { ProductError } from '../platform/errors/product-error.js';
import { Mailer } from '../platform/mail/mailer.js';
import { Audit } from './audit/audit.js';
import { LINK_VALID_MS, linkOf } from './mail/account-mail-text.js';
import { AccountMails } from './mail/account-mails.js';
import { AccountTokens } from './sessions/account-tokens.service.js';
import { User } from './user.entity.js';
import { type NewUser, refusingDuplicates, UsersService } from './users.service.js';

export interface Invited {
  user: User;
  /** For the admin to pass on, where no mail can be sent. */
  link: string | undefined;
}

@Injectable()
export class InvitationsService {
  constructor(
    private readonly transactions: Transactions,
    private readonly users: UsersService,
    private readonly mails: AccountMails,
    private readonly tokens: AccountTokens,
    private readonly mailer: Mailer,
    private readonly audit: Audit,
    private readonly config: Config,
  ) {}

  async invite(teamId: string, actor: string, input: NewUser): Promise<Invited> {
    return refusingDuplicates(() =>
      this.transactions.run(async (tx) => {
        const user = await this.users.createIn(tx, teamId, input);
        return this.send(tx, user, actor);
      }),
    );
  }

  /** Again, to somebody who has no password yet. */
  async again(teamId: string, actor: string, userId: string): Promise<Invited> {
    return this.transactions.run(async (tx) => {
      const user = await tx.manager.findOne(User, {
        where: { teamId, id: userId },
        lock: { mode: 'for_no_key_update' },
      });
      if (!user) throw new ProductError('not_found', 'There is no such user in your team.');
      const set = await tx.query('SELECT 1 FROM user_passwords WHERE team_id = $1 AND user_id = $2', [teamId, userId]);
      if (!user.active) throw new ProductError('conflict', 'This user is not active: activate them first.');
      if (set.length > 0) {
        throw new ProductError('conflict', 'This user has a password already: they can ask for a new one by mail.');
      }
      await this.tokens.revokeAll(tx, teamId, userId, ['invitation']);
      return this.send(tx, user, actor);
    });
  }

  private async send(tx: Tx, user: User, actor: string): Promise<Invited> {
    const { teamId, id: userId } = user;
    const target = { type: 'user', id: userId };
    const details = { email: user.email, role: user.role };
    await this.audit.record(tx, { teamId, actor, action: 'user.invited', target, details });
    if (this.mailer.configured) {
      await this.mails.ask(tx, teamId, userId, 'invitation');
      return { user, link: undefined };
    }
    const validMs = LINK_VALID_MS.invitation;
    const token = await this.tokens.issue(tx, { teamId, userId, purpose: 'invitation', validMs });
    return { user, link: linkOf(this.config.publicUrl, 'invitation', token) };
  }
}
