import { domainToASCII } from 'node:url';
import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../../platform/database/transactions.js';
import { ErasedUnsubscribes } from './erase/erased-unsubscribes.js';
import { PeopleQueries } from './people-queries.repository.js';
import { splitName } from './person-name.js';
import { otherAddressesSql } from './person-addresses.js';
import type { PersonStanding, Viewer } from './person-access.js';
import { unsubscribedAtSql } from './unsubscribes.js';

/** What somebody who writes to a person needs to know. */
export interface PersonFacts extends PersonStanding {
  id: string;
  name: string;
  /** As they were given, or else taken from the name; '' when that says none. */
  firstName: string;
  lastName: string;
  email: string | null;
  title: string | null;
  company: string | null;
  phone: string | null;
  timeZone: string | null;
  custom: Readonly<Record<string, string>>;
  unsubscribedAt: Date | null;
  /** The team's blocked domain that one of their addresses is in. */
  blockedDomain: string | null;
}

/** Why an address is not written to. */
export interface Suppression {
  unsubscribed: boolean;
  blockedDomain: string | null;
}

type Row = Omit<PersonFacts, 'firstName' | 'lastName' | 'blockedDomain'> & {
  firstName: string | null;
  lastName: string | null;
  otherAddresses: string[];
};

/** The public face for those who write to people. */
@Injectable()
export class PeopleFacts {
  constructor(
    private readonly queries: PeopleQueries,
    private readonly erased: ErasedUnsubscribes,
  ) {}

  /** Of those whom the viewer sees; held, so that they stay as they are until the transaction ends. */
  async ofSeen(tx: Tx, viewer: Viewer, ids: readonly string[]): Promise<Map<string, PersonFacts>> {
    const seen = await this.queries.holdSeen(tx, viewer, ids);
    return this.of(tx, viewer.teamId, [...seen]);
  }

  /** Of many, whoever sees them; held likewise: who unsubscribes now does so before what follows, or after it. */
  async held(tx: Tx, teamId: string, ids: readonly string[]): Promise<Map<string, PersonFacts>> {
    await tx.query('SELECT 1 FROM people WHERE team_id = $1 AND id = ANY($2::uuid[]) ORDER BY id FOR SHARE', [
      teamId,
      [...new Set(ids)],
    ]);
    return this.of(tx, teamId, ids);
  }

  /** Of many at once; deleted people are left out. */
  async of(reader: Reader, teamId: string, ids: readonly string[]): Promise<Map<string, PersonFacts>> {
    if (ids.length === 0) return new Map();
    const rows = await reader.query<Row>(
      `SELECT id, name, first_name AS "firstName", last_name AS "lastName", email, title, company, phone,
         time_zone AS "timeZone", custom, ${unsubscribedAtSql('p')} AS "unsubscribedAt", owner_id AS "ownerId", shared,
         ${otherAddressesSql('p')} AS "otherAddresses"
       FROM people p WHERE team_id = $1 AND id = ANY($2::uuid[]) AND deleted_at IS NULL`,
      [teamId, [...new Set(ids)]],
    );
    const blocked = await this.blockedAmong(reader, teamId, rows.flatMap(allDomains));
    return new Map(rows.map((row) => [row.id, factsOf(row, blocked)]));
  }

  /** Of addresses, whoever's they are: what the team knows against writing to them; most have no entry. */
  async suppressed(reader: Reader, teamId: string, addresses: readonly string[]): Promise<Map<string, Suppression>> {
    if (addresses.length === 0) return new Map();
    const blocked = await this.blockedAmong(reader, teamId, addresses.flatMap(domainsOf));
    const rows = await reader.query<{ email: string }>(
      'SELECT email FROM unsubscribed_addresses WHERE team_id = $1 AND email = ANY($2::text[])',
      [teamId, [...new Set(addresses)]],
    );
    const hidden = await this.erased.among(reader, teamId, addresses);
    const unsubscribed = new Set([...rows.map(({ email }) => email), ...hidden]);
    const known = addresses.map((address): [string, Suppression] => {
      const blockedDomain = domainsOf(address).find((domain) => blocked.has(domain)) ?? null;
      return [address, { unsubscribed: unsubscribed.has(address), blockedDomain }];
    });
    return new Map(known.filter(([, { unsubscribed: out, blockedDomain }]) => out || blockedDomain !== null));
  }

  private async blockedAmong(reader: Reader, teamId: string, domains: readonly string[]): Promise<Set<string>> {
    const rows = await reader.query<{ domain: string }>(
      'SELECT domain FROM blocked_domains WHERE team_id = $1 AND domain = ANY($2::text[])',
      [teamId, [...new Set(domains)]],
    );
    return new Set(rows.map(({ domain }) => domain));
  }
}

function factsOf({ otherAddresses, ...row }: Row, blocked: ReadonlySet<string>): PersonFacts {
  const split = splitName(row.name);
  return {
    ...row,
    firstName: row.firstName ?? split.first,
    lastName: row.lastName ?? split.last,
    blockedDomain: allDomains({ ...row, otherAddresses }).find((domain) => blocked.has(domain)) ?? null,
  };
}

/** Of all their addresses, the main one first. */
function allDomains({ email, otherAddresses }: Pick<Row, 'email' | 'otherAddresses'>): string[] {
  return [...(email === null ? [] : [email]), ...otherAddresses].flatMap(domainsOf);
}

/** The domain of an address and those above it: mail.example.com, example.com, com; in ASCII, as they are blocked. */
export function domainsOf(email: string): string[] {
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  const labels = (domainToASCII(domain) || domain).split('.');
  return labels.map((_, index) => labels.slice(index).join('.'));
}
