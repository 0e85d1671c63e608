import { Injectable } from '@nestjs/common';
import type { Reader } from '../../platform/database/transactions.js';
import { domainsOf } from '../people/people-facts.js';
import type { Unsendable } from './sendability.js';

/** Those in copy have the same say as the person whom an email is to. */
@Injectable()
export class SuppressedAddresses {
  /** Which of these addresses nothing commercial, or nothing at all, goes to. */
  async of(reader: Reader, teamId: string, addresses: readonly string[]): Promise<Map<string, Unsendable>> {
    const found = new Map<string, Unsendable>();
    if (addresses.length === 0) return found;
    const wanted = [...new Set(addresses)];
    const blocked = await reader.query<{ domain: string }>(
      'SELECT domain FROM blocked_domains WHERE team_id = $1 AND domain = ANY($2::text[])',
      [teamId, [...new Set(wanted.flatMap(domainsOf))]],
    );
    const unsubscribed = await reader.query<{ email: string }>(
      'SELECT email FROM unsubscribed_addresses WHERE team_id = $1 AND email = ANY($2::text[])',
      [teamId, wanted],
    );
    for (const { email } of unsubscribed) found.set(email, { reason: 'unsubscribed', detail: email });
    const domains = new Set(blocked.map(({ domain }) => domain));
    for (const address of wanted) {
      const domain = domainsOf(address).find((one) => domains.has(one));
      if (domain !== undefined) found.set(address, { reason: 'blocked_domain', detail: domain });
    }
    return found;
  }
}
