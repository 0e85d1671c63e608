import { Injectable } from '@nestjs/common';
import { Unsubscribes, unsubscribedAtSql } from '../../command-center/people/unsubscribes.js';
import { Clock } from '../../platform/clock/clock.js';
import { type Reader, Transactions } from '../../platform/database/transactions.js';
import type { UnsubscribeTarget } from './unsubscribe-links.js';

export interface Standing {
  team: string;
  address: string | null;
  unsubscribed: boolean;
}

/** What people do by the link in an email, without an account. */
@Injectable()
export class LinkUnsubscribes {
  constructor(
    private readonly transactions: Transactions,
    private readonly unsubscribes: Unsubscribes,
    private readonly clock: Clock,
  ) {}

  /** Undefined: the person, or the team, is not here any more. */
  standing(who: UnsubscribeTarget): Promise<Standing | undefined> {
    return standingOf(this.transactions, who);
  }

  /** As often as they like: it is noted once, and each reason once. */
  unsubscribe(who: UnsubscribeTarget, reason: string | null): Promise<Standing | undefined> {
    const { teamId, personId, emailId } = who;
    return this.transactions.run(async (tx) => {
      const standing = await standingOf(tx, who);
      if (!standing) return undefined;
      const said = await tx.query(
        `SELECT 1 FROM person_unsubscribes
         WHERE team_id = $1 AND person_id = $2 AND email_id = $3 AND reason = $4 LIMIT 1`,
        [teamId, personId, emailId, reason],
      );
      const wish = { source: 'link' as const, reason: said.length > 0 ? null : reason, actor: null, emailId };
      await this.unsubscribes.unsubscribe(tx, teamId, personId, { ...wish, at: this.clock.now() });
      return standing;
    });
  }
}

async function standingOf(reader: Reader, { teamId, personId }: UnsubscribeTarget): Promise<Standing | undefined> {
  const [row] = await reader.query<Standing>(
    `SELECT t.name AS team, p.email AS address, ${unsubscribedAtSql('p')} IS NOT NULL AS unsubscribed
     FROM people p JOIN teams t ON t.id = p.team_id WHERE p.team_id = $1 AND p.id = $2`,
    [teamId, personId],
  );
  return row;
}
