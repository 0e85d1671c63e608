import { Injectable } from '@nestjs/common';
import { SentAddresses } from '../../command-center/emails/sent-addresses.js';
import { Unsubscribes, unsubscribedAtSql } from '../../command-center/people/unsubscribes.js';
import { Clock } from '../../platform/clock/clock.js';
import { type Reader, Transactions } from '../../platform/database/transactions.js';
import type { UnsubscribeTarget } from './unsubscribe-links.js';

export interface Standing {
  team: string;
  /** Where the email went; else the person's present one. */
  address: string | null;
  unsubscribed: boolean;
}

interface Known extends Standing {
  /** Of the person; null: none is kept. */
  personId: string | null;
  /** Where the email went, should the person have another address by now. */
  former: string | null;
}

/** What people do by the link in an email, without an account. */
@Injectable()
export class LinkUnsubscribes {
  constructor(
    private readonly transactions: Transactions,
    private readonly unsubscribes: Unsubscribes,
    private readonly sent: SentAddresses,
    private readonly clock: Clock,
  ) {}

  /** Undefined: the team, or the person and the address alike, is not here any more. */
  standing(who: UnsubscribeTarget): Promise<Standing | undefined> {
    return this.known(this.transactions, who);
  }

  /** As often as they like: it is noted once, and each reason once. */
  unsubscribe(who: UnsubscribeTarget, reason: string | null): Promise<Standing | undefined> {
    const { teamId, personId, emailId } = who;
    return this.transactions.run(async (tx) => {
      const standing = await this.known(tx, who);
      if (!standing) return undefined;
      const at = this.clock.now();
      if (standing.former !== null) await this.unsubscribes.keep(tx, teamId, standing.former, at);
      if (standing.personId === null) return standing;
      const said = await tx.query(
        `SELECT 1 FROM person_unsubscribes
         WHERE team_id = $1 AND person_id = $2 AND email_id = $3 AND reason = $4 LIMIT 1`,
        [teamId, personId, emailId, reason],
      );
      const wish = { source: 'link' as const, reason: said.length > 0 ? null : reason, actor: null, emailId };
      await this.unsubscribes.unsubscribe(tx, teamId, personId, { ...wish, at });
      return standing;
    });
  }

  private async known(reader: Reader, { teamId, personId, emailId }: UnsubscribeTarget): Promise<Known | undefined> {
    const sentTo = await this.sent.of(reader, teamId, emailId);
    const [row] = await reader.query<Known>(
      `SELECT t.name AS team, coalesce($3::text, p.email) AS address, p.id AS "personId",
         CASE WHEN $3 IS DISTINCT FROM p.email THEN $3 END AS former,
         (p.id IS NULL OR ${unsubscribedAtSql('p')} IS NOT NULL) AND ($3 IS NULL OR $3 IS NOT DISTINCT FROM p.email OR EXISTS (
           SELECT 1 FROM unsubscribed_addresses u WHERE u.team_id = $1 AND u.email = $3)) AS unsubscribed
       FROM teams t LEFT JOIN people p ON p.team_id = t.id AND p.id = $2
       WHERE t.id = $1 AND (p.id IS NOT NULL OR $3::text IS NOT NULL)`,
      [teamId, personId, sentTo],
    );
    return row;
  }
}
