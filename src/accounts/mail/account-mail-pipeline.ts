// Sends what is due in account_mails. Invariants:
//
//   1. An attempt is written down, with the time of the next, before the mail goes out: whoever dies meanwhile leaves
//      a row that is tried again later. So a mail arrives once, or twice when a worker died after sending it.
//   2. The secret is made for the attempt and never stored: a link that arrived keeps working beside a later one.
//   3. The row goes only while it is still the same request: one that was asked for meanwhile is sent, too.

import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { Clock } from '../../platform/clock/clock.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import { Mailer, MailRefusedError } from '../../platform/mail/mailer.js';
import type { LaneLease } from '../../platform/pipelines/lane-lease.js';
import type { PipelineHandler, SliceResult } from '../../platform/pipelines/pipeline.js';
import { Pipelines } from '../../platform/pipelines/pipelines.js';
import { AccountTokens } from '../sessions/account-tokens.service.js';
import type { MailKind } from './account-mail.entity.js';
import { accountMail, LINK_VALID_MS, linkOf } from './account-mail-text.js';
import { ACCOUNT_MAIL } from './account-mails.js';

/** Over about a day. */
const MOST_ATTEMPTS = 9;
const FIRST_PAUSE_MS = 120_000;
const ERROR_LENGTH = 300;

interface DueMail {
  user_id: string;
  kind: MailKind;
  request: string;
  attempts: number;
  email: string;
  name: string;
  team: string;
}

@Injectable()
export class AccountMailPipeline implements PipelineHandler, OnModuleInit {
  private readonly logger = new Logger(AccountMailPipeline.name);

  constructor(
    private readonly pipelines: Pipelines,
    private readonly transactions: Transactions,
    private readonly tokens: AccountTokens,
    private readonly mailer: Mailer,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.pipelines.register(ACCOUNT_MAIL, this);
  }

  async dueLanes(now: Date, limit: number): Promise<string[]> {
    if (!this.mailer.configured) return [];
    const rows = await this.transactions.query<{ team_id: string }>(
      `SELECT m.team_id FROM account_mails m JOIN teams t ON t.id = m.team_id AND t.deleted_at IS NULL
       WHERE m.given_up_at IS NULL AND m.not_before <= $1
       GROUP BY m.team_id ORDER BY min(m.not_before) LIMIT $2`,
      [now, limit],
    );
    return rows.map(({ team_id: teamId }) => teamId);
  }

  async slice(lease: LaneLease): Promise<SliceResult> {
    if (!this.mailer.configured) return { kind: 'idle' };
    const begun = await this.transactions.run(async (tx) => {
      await lease.check(tx);
      const mail = await this.nextDue(tx, lease.lane);
      if (!mail) return undefined;
      const of = { teamId: lease.lane, userId: mail.user_id, purpose: mail.kind };
      return { mail, token: await this.tokens.issue(tx, { ...of, validMs: LINK_VALID_MS[mail.kind] }) };
    });
    if (!begun) return this.rest(lease.lane);
    const failure = await this.send(begun.mail, begun.token);
    await this.transactions.run(async (tx) => {
      await lease.check(tx);
      await this.settle(tx, lease.lane, begun.mail, failure);
    });
    return { kind: 'worked' };
  }

  private async nextDue(tx: Tx, teamId: string): Promise<DueMail | undefined> {
    const now = this.clock.now();
    const [mail] = await tx.query<DueMail>(
      `SELECT m.user_id, m.kind, m.request, m.attempts + 1 AS attempts, u.email, u.name, t.name AS team
       FROM account_mails m JOIN users u ON u.team_id = m.team_id AND u.id = m.user_id
       JOIN teams t ON t.id = m.team_id AND t.deleted_at IS NULL
       WHERE m.team_id = $1 AND m.given_up_at IS NULL AND m.not_before <= $2
       ORDER BY m.not_before LIMIT 1 FOR NO KEY UPDATE OF m`,
      [teamId, now],
    );
    if (!mail) return undefined;
    const notBefore = new Date(now.getTime() + FIRST_PAUSE_MS * 2 ** (mail.attempts - 1));
    await tx.query(
      'UPDATE account_mails SET attempts = $4, not_before = $5 WHERE team_id = $1 AND user_id = $2 AND kind = $3',
      [teamId, mail.user_id, mail.kind, mail.attempts, notBefore],
    );
    return mail;
  }

  private async send(mail: DueMail, token: string): Promise<{ reason: string; final: boolean } | undefined> {
    const { kind, name, email: address, team } = mail;
    try {
      const link = linkOf(this.config.publicUrl, kind, token);
      await this.mailer.send(accountMail({ kind, to: { name, address }, team, link }));
      return undefined;
    } catch (error) {
      const reason = (error as Error).message.slice(0, ERROR_LENGTH);
      const final = error instanceof MailRefusedError || mail.attempts >= MOST_ATTEMPTS;
      this.logger.warn({ user_id: mail.user_id, kind, reason, final }, 'a mail was not taken by the mail server');
      return { reason, final };
    }
  }

  private async settle(
    tx: Tx,
    teamId: string,
    { user_id: userId, kind, request }: DueMail,
    failure: { reason: string; final: boolean } | undefined,
  ): Promise<void> {
    const row = [teamId, userId, kind, request];
    const which = 'team_id = $1 AND user_id = $2 AND kind = $3 AND request = $4';
    if (!failure) {
      await tx.query(`DELETE FROM account_mails WHERE ${which}`, row);
      return;
    }
    const givenUpAt = failure.final ? this.clock.now() : null;
    const set = 'UPDATE account_mails SET last_error = $5, given_up_at = $6';
    await tx.query(`${set} WHERE ${which}`, [...row, failure.reason, givenUpAt]);
  }

  private async rest(teamId: string): Promise<SliceResult> {
    const [next] = await this.transactions.query<{ at: Date | null }>(
      'SELECT min(not_before) AS at FROM account_mails WHERE team_id = $1 AND given_up_at IS NULL',
      [teamId],
    );
    return next?.at ? { kind: 'idle', nextAt: next.at } : { kind: 'idle' };
  }
}
