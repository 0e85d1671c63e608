import { domainToASCII } from 'node:url';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../../accounts/access.js';
import { Audit } from '../../accounts/audit/audit.js';
import { Clock } from '../../platform/clock/clock.js';
import { Transactions } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';
import { invalidInput } from '../../platform/http/validation.js';
import type { BlockedDomainList, BlockedDomainView } from './unsubscribes.dto.js';

const DOMAIN = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/;
const MOST = 10_000;

/** Domains that nobody of the team writes to: competitors, one's own company. */
@Injectable()
export class BlockedDomainsService {
  constructor(
    private readonly transactions: Transactions,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  async list({ teamId }: Principal): Promise<BlockedDomainList> {
    const data = await this.transactions.query<BlockedDomainView>(
      'SELECT domain, created_at FROM blocked_domains WHERE team_id = $1 ORDER BY domain LIMIT $2',
      [teamId, MOST],
    );
    return { data };
  }

  async block({ teamId, actor }: Principal, text: string): Promise<BlockedDomainView> {
    const domain = asciiDomain(text);
    if (!DOMAIN.test(domain)) throw invalidInput([{ field: 'domain', message: 'must be a domain, e.g. example.com' }]);
    return this.transactions.run(async (tx) => {
      const [made] = await tx.query<BlockedDomainView>(
        `INSERT INTO blocked_domains (team_id, domain, created_at, created_by)
         SELECT $1, $2, $3, $4 WHERE (SELECT count(*) FROM blocked_domains WHERE team_id = $1) < $5
         ON CONFLICT DO NOTHING RETURNING domain, created_at`,
        [teamId, domain, this.clock.now(), actor, MOST],
      );
      if (made) {
        const target = { type: 'domain', id: domain };
        await this.audit.record(tx, { teamId, actor, action: 'domain.blocked', target });
        return made;
      }
      const [known] = await tx.query<BlockedDomainView>(
        'SELECT domain, created_at FROM blocked_domains WHERE team_id = $1 AND domain = $2',
        [teamId, domain],
      );
      if (!known) throw new ProductError('conflict', `A team blocks at most ${MOST.toLocaleString('en')} domains.`);
      return known;
    });
  }

  async unblock({ teamId, actor }: Principal, text: string): Promise<void> {
    const domain = asciiDomain(text);
    await this.transactions.run(async (tx) => {
      const sql = 'DELETE FROM blocked_domains WHERE team_id = $1 AND domain = $2 RETURNING 1';
      const gone = await tx.query(sql, [teamId, domain]);
      if (gone.length === 0) throw new ProductError('not_found', 'This domain is not blocked.');
      await this.audit.record(tx, {
        teamId,
        actor,
        action: 'domain.unblocked',
        target: { type: 'domain', id: domain },
      });
    });
  }
}

/** münchen.example is blocked as what servers call it: xn--mnchen-3ya.example. */
function asciiDomain(text: string): string {
  return domainToASCII(text.trim().toLowerCase());
}
