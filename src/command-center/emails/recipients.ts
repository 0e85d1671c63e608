import { Injectable } from '@nestjs/common';
import type { Principal } from '../../accounts/access.js';
import type { Tx } from '../../platform/database/transactions.js';
import { invalidInput } from '../../platform/http/validation.js';
import { PeopleFacts, type PersonFacts } from '../people/people-facts.js';

/** To whom a rep writes: people whom they see. */
@Injectable()
export class Recipients {
  constructor(private readonly facts: PeopleFacts) {}

  /** One person; 400 names the field. */
  async require(tx: Tx, principal: Principal, personId: string | null, field = 'person_id'): Promise<PersonFacts> {
    if (personId === null) throw invalidInput([{ field, message: 'is needed: to whom?' }]);
    const person = (await this.facts.ofSeen(tx, principal, [personId])).get(personId);
    if (!person) throw invalidInput([{ field, message: 'is nobody whom you see' }]);
    return person;
  }

  /** Many, in their order; 400 names the first places where somebody is not there. */
  async requireAll(tx: Tx, principal: Principal, ids: readonly string[], field: string): Promise<PersonFacts[]> {
    const facts = await this.facts.ofSeen(tx, principal, ids);
    const missing = ids.flatMap((id, index) => (facts.has(id) ? [] : [`${field}.${index}`]));
    if (missing.length > 0) {
      throw invalidInput(missing.slice(0, 20).map((place) => ({ field: place, message: 'is nobody whom you see' })));
    }
    return ids.flatMap((id) => facts.get(id) ?? []);
  }
}
