import { Injectable } from '@nestjs/common';
import { actorNames, userNames } from '../../accounts/names.js';
import { PeopleDirectory } from '../../command-center/people/people-directory.js';
import { type Reader, Transactions } from '../../platform/database/transactions.js';

/** Somebody who did something, here or there. */
export interface Who {
  /** `user:<id>`, `key:<id>` or `salesforce:<user id there>`. */
  id: string;
  name: string;
}

/** What ids are called. */
export interface Names {
  /** A value of a Salesforce field, or of a column of ours, in words. */
  valueOf(field: string, value: string | null): string | null;
  whoOf(actor: string | null): Who | null;
}

const THERE = 'salesforce:';

/** Looks up what a page of conflicts or a trace speaks of. */
@Injectable()
export class SyncNames {
  constructor(
    private readonly people: PeopleDirectory,
    private readonly transactions: Transactions,
  ) {}

  async load(
    teamId: string,
    values: readonly { field: string; value: string | null }[],
    actors: readonly (string | null)[],
    reader: Reader = this.transactions,
  ): Promise<Names> {
    const of = (field: string) => values.flatMap((one) => (one.field === field && one.value ? [one.value] : []));
    const there = actors.flatMap((actor) => (actor?.startsWith(THERE) ? actor.slice(THERE.length) : []));
    const users = await this.users(reader, teamId, [...of('OwnerId'), ...there]);
    const people = await this.personNames(reader, teamId, [...of('WhoId'), ...of('who_id')]);
    const records = await this.recordNames(reader, teamId, [...of('WhatId'), ...of('what_id')]);
    const cards = await this.people.cards(reader, teamId, of('person_id'));
    const byField: Readonly<Record<string, ReadonlyMap<string, string>>> = {
      ...{ OwnerId: users, WhoId: people, WhatId: records, who_id: people, what_id: records },
      assignee_id: await userNames(reader, teamId, of('assignee_id')),
      person_id: named([...cards].map(([id, card]) => [id, card.name])),
    };
    const here = await actorNames(reader, teamId, actors);
    return {
      valueOf: (field, value) => {
        if (value === null) return null;
        return byField[field]?.get(value) ?? value;
      },
      whoOf: (actor) => {
        if (actor === null) return null;
        if (!actor.startsWith(THERE)) return { id: actor, name: here.get(actor) ?? 'Somebody who is gone' };
        const id = actor.slice(THERE.length);
        return { id: actor, name: users.get(id) ?? `Salesforce user ${id}` };
      },
    };
  }

  private async users(reader: Reader, teamId: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (ids.length === 0) return new Map();
    const matches = await reader.query<{ userId: string; salesforceId: string }>(
      `SELECT user_id AS "userId", salesforce_user_id AS "salesforceId" FROM salesforce_user_matches
       WHERE team_id = $1 AND salesforce_user_id = ANY($2::text[])`,
      [teamId, ids],
    );
    const names = await userNames(
      reader,
      teamId,
      matches.map((match) => match.userId),
    );
    return named(matches.map(({ salesforceId, userId }) => [salesforceId, names.get(userId)]));
  }

  private async personNames(reader: Reader, teamId: string, ids: readonly string[]) {
    const people = await this.people.bySalesforceIds(reader, teamId, ids);
    const cards = await this.people.cards(reader, teamId, people.values());
    return named([...people].map(([id, personId]) => [id, cards.get(personId)?.name]));
  }

  private async recordNames(reader: Reader, teamId: string, ids: readonly string[]) {
    if (ids.length === 0) return new Map<string, string>();
    const rows = await reader.query<{ id: string; name: string }>(
      'SELECT salesforce_id AS id, name FROM salesforce_names WHERE team_id = $1 AND salesforce_id = ANY($2::text[])',
      [teamId, ids],
    );
    return named(rows.map(({ id, name }) => [id, name]));
  }
}

function named(entries: readonly (readonly [string, string | undefined])[]): Map<string, string> {
  return new Map(entries.flatMap(([id, name]) => (name === undefined ? [] : [[id, name] as const])));
}
